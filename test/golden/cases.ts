import type { Unwrap } from "@pulumi/pulumi";
import type { ProxyConfigArgs } from "../../provider";

/** The arguments of a configuration, without the server: each case is rendered for every one of them. */
export type Case = Omit<Unwrap<ProxyConfigArgs>, "server" | "listen" | "upstream"> &
  Partial<Pick<Unwrap<ProxyConfigArgs>, "listen" | "upstream">>;

const certificate = { certificateFile: "/etc/ssl/ci.pem", keyFile: "/etc/ssl/ci.pem.key" };
const users = { alice: "alice-password", bob: "bob-password" };
const basic = { type: "basic", users } as const;
const ldap = { type: "ldap", url: "ldap://ldap.example.com", base: "ou=people,dc=example,dc=com" } as const;
const request = { type: "request", url: "http://127.0.0.1:4180/oauth2/auth" } as const;

const demands = { mode: "requireCredentials" } as const;
const forwards = { mode: "forwardUser", authentication: basic } as const;

/** One case for each mode, and one for each option that changes the text. The name of a case is that of its file. */
export const cases: Record<string, Case> = {
  passThrough: { access: { mode: "passThrough" } },

  requireCredentials: { access: demands },
  "requireCredentials-realm": { access: { ...demands, realm: "Builds of Example" } },
  "requireCredentials-open": { access: { ...demands, open: ["/project/", "/gruppe/grün/a b"] } },
  "requireCredentials-agents": { access: { ...demands, agents: true } },

  forwardUser: { access: forwards },
  "forwardUser-realm": { access: { ...forwards, realm: "Builds of Example", stripRealm: true } },
  "forwardUser-headers": {
    access: {
      ...forwards,
      groups: { fixed: ["staff", "developers"] },
      headers: {
        user: "X-Remote-User",
        mail: "X-Remote-Mail",
        displayName: "X-Remote-Name",
        groups: "X-Remote-Groups",
        groupsDelimiter: ";",
      },
    },
  },
  "forwardUser-alsoSend": {
    access: {
      ...forwards,
      groups: { members: { developers: ["alice"] } },
      headers: { user: "X-Remote-User", groups: "X-Remote-Groups" },
      alsoSend: [
        { header: "X-Forwarded-User", value: "user" },
        { header: "X-Forwarded-Groups", value: "groups" },
      ],
    },
  },
  "groups-header-alsoSend": {
    access: {
      ...forwards,
      authentication: { ...request, headers: { mail: "X-Mail", displayName: "X-Name" } },
      groups: { header: "X-Auth-Request-Groups", matching: ["developers"] },
      alsoSend: [
        { header: "X-Remote-User", value: "user" },
        { header: "X-Remote-Mail", value: "mail" },
        { header: "X-Remote-Name", value: "displayName" },
        { header: "X-Remote-Groups", value: "groups" },
      ],
    },
  },
  "forwardUser-open": { access: { ...forwards, open: ["/project/"] } },
  "forwardUser-agents": { access: { ...forwards, agents: true } },
  "forwardUser-apiTokens": { access: { ...forwards, apiTokens: true, open: ["/project/"] } },
  "forwardUser-apiTokens-port": { access: { ...forwards, apiTokens: { port: 8081 } } },
  "forwardUser-htpasswdFile": {
    access: { ...forwards, authentication: { type: "basic", htpasswdFile: "/etc/proxy/users" } },
  },

  "groups-fixed": { access: { ...forwards, groups: { fixed: ["staff"] } } },
  "groups-members": {
    access: { ...forwards, groups: { members: { developers: ["alice", "bob"], admins: ["alice"] } } },
  },
  "groups-file": { access: { ...forwards, groups: { file: "/etc/proxy/groups" } } },
  "groups-ldap": { access: { ...forwards, authentication: ldap, groups: { ldap: {} } } },
  "groups-ldap-matching": {
    access: {
      ...forwards,
      authentication: ldap,
      groups: { ldap: { attribute: "isMemberOf" }, matching: ["jenkins-*", "developers"] },
    },
  },
  "groups-header": {
    access: { ...forwards, authentication: request, groups: { header: "X-Auth-Request-Groups" } },
  },
  "groups-header-matching": {
    access: {
      ...forwards,
      authentication: request,
      groups: { header: "X-Auth-Request-Groups", matching: ["jenkins-*", "developers"] },
    },
  },

  ldap: { access: { ...forwards, authentication: ldap } },
  "ldap-all": {
    access: {
      ...forwards,
      authentication: {
        ...ldap,
        url: "ldaps://ldap.example.com:636",
        userAttribute: "sAMAccountName",
        filter: "(objectClass=person)",
        bindDn: "cn=proxy,dc=example,dc=com",
        bindPassword: "bind-password",
        mailAttribute: "mail",
        displayNameAttribute: "displayName",
        followReferrals: true,
      },
    },
  },
  "ldap-bind": {
    access: {
      ...forwards,
      authentication: { ...ldap, bindDn: "cn=proxy,dc=example,dc=com", bindPassword: "bind-password" },
    },
  },
  request: { access: { ...forwards, authentication: request } },
  "request-all": {
    access: {
      ...forwards,
      authentication: {
        ...request,
        url: "https://auth.example.com/oauth2/auth",
        caFile: "/etc/ssl/ca.pem",
        signInUrl: "https://auth.example.com/oauth2/start",
        headers: { user: "X-User", mail: "X-Mail", displayName: "X-Name" },
      },
      open: ["/project/"],
    },
  },

  "listen-address": { listen: { port: 8080, address: "::1" }, access: demands },
  "listen-serverName": { listen: { port: 8080, serverName: "ci.example.com" }, access: demands },
  "listen-publicUrl": {
    listen: { port: 8080, serverName: "ci.example.com", publicUrl: "https://ci.example.com" },
    access: demands,
  },
  tls: { listen: { port: 443, serverName: "ci.example.com", tls: certificate }, access: demands },
  "tls-redirectFrom": {
    listen: { port: 8443, serverName: "ci.example.com", tls: { ...certificate, redirectFrom: 8080 } },
    access: forwards,
  },
  "tls-alone": { listen: { port: 443, tls: { ...certificate, redirectFrom: false } }, access: demands },

  "upstream-contextPath": { upstream: "http://127.0.0.1:8080/jenkins", access: demands },
  "upstream-name": { upstream: "http://jenkins:8080", access: demands },
  "upstream-resolver": {
    upstream: { url: "http://jenkins:8080/jenkins", resolver: "127.0.0.11" },
    access: demands,
  },
  "upstream-https": {
    upstream: { url: "https://127.0.0.1:8443", caFile: "/etc/ssl/ca.pem" },
    access: demands,
  },
  "upstream-socket": {
    upstream: { url: "http://localhost", socket: "/run/jenkins.sock" },
    access: demands,
  },

  companionFolder: { companionFolder: "/srv/proxy", access: forwards },
  helperFolder: { helperFolder: "/opt/squid/libexec", access: forwards },
};
