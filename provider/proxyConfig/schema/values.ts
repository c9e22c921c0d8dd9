import { z } from "zod";
import { isReservedId } from "../../controller/userId";

/** A TCP port. */
export const port = z
  .int("must be a port from 1 to 65535")
  .min(1, "must be a port from 1 to 65535")
  .max(65_535, "must be a port from 1 to 65535");

/** An address that a server listens on. */
export const address = z.union([z.ipv4(), z.ipv6()], "must be an IP address, such as 127.0.0.1 or ::1");

const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const hostNamePattern = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);

/** The name of a host. */
export const hostName = z
  .string("must be the name of a host, such as ci.example.com")
  .regex(hostNamePattern, "must be the name of a host, such as ci.example.com");

/**
 * A file or folder on the machine of the proxy. None of the five syntaxes gives a meaning to these letters, so that
 * a path stands in a configuration as it is.
 */
export const filePath = z
  .string("must be an absolute path")
  .regex(/^\//, "must be an absolute path")
  .regex(/^[A-Za-z0-9._/+@=~-]*$/, "may hold letters, digits and . _ - + @ = ~ / only")
  .refine((path) => !path.split("/").includes(".."), "may not hold ..");

/** The URL path of a page or folder, before it is percent-encoded, so that it is written in one way only. */
export const urlPath = z
  .string("must be a path, such as /github-webhook/")
  .regex(/^\//, "must begin with /")
  .regex(/^[^%]*$/, "must be written decoded, with ü and not %C3%BC: clients may encode it in either case")
  .regex(
    /^(\/[\p{L}\p{M}\p{N}._~ -]+)*\/?$/u,
    "may hold letters, digits, blanks, . _ ~ - and single slashes only",
  )
  .refine((path) => !/\/\.\.?(\/|$)/.test(path), "may not hold . or .. as a step");

const urlMessage = "must be an http or https URL with a host, and a path of letters, digits and . _ ~ - /";

/** The address of a service: a scheme, a host, a port and a path, and nothing that would have to be encoded. */
export const serviceUrl = z
  .string(urlMessage)
  .regex(/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/, urlMessage)
  .refine((url) => URL.canParse(url), urlMessage)
  .refine(
    (url) => !/\/\/|\/\.\.?(\/|$)/.test(url.replace("://", "")),
    "may not hold // or . or .. in its path",
  )
  .refine((url) => !url.endsWith(":"), urlMessage);

/** A page that people are sent to: as {@link serviceUrl}, and it may have a query. */
export const pageUrl = z
  .string("must be an http or https URL")
  .regex(
    /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?(\?[A-Za-z0-9._~/=&+:%-]*)?$/,
    "must be an http or https URL of plain letters",
  )
  .refine((url) => URL.canParse(url), "must be an http or https URL");

/** Where a directory answers. The rest of an LDAP URL has arguments of its own. */
export const directoryUrl = z
  .string("must be a URL such as ldap://ldap.example.com or ldaps://ldap.example.com:636")
  .regex(
    /^ldaps?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/,
    "must be a URL such as ldap://ldap.example.com or ldaps://ldap.example.com:636",
  );

/** The name of an LDAP attribute. */
export const attribute = z
  .string("must be the name of an LDAP attribute")
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be the name of an LDAP attribute, such as uid");

/**
 * The name of a header that carries an identity. Underscores and dots are refused: some servers drop such headers, and
 * others cannot tell them from hyphens. Each separator triples the spellings that must be removed.
 */
export const headerName = z
  .string("must be the name of a header")
  .regex(
    /^[A-Za-z0-9]+(-[A-Za-z0-9]+){0,4}$/,
    "must be letters and digits with up to 4 single hyphens between",
  )
  .max(60, "is longer than 60 letters")
  .refine((name) => !meaningful.has(name.toLowerCase()), {
    error: ({ input }) => `cannot be: ${input} has a meaning of its own for servers or for Jenkins`,
  });

/** Headers that carry something else: an identity in one of these would also be taken for that. */
const meaningful = new Set(
  [
    "accept accept-encoding accept-language authorization cache-control connection content-length content-type cookie",
    "date expect expires forwarded from host if-match if-modified-since if-none-match if-range if-unmodified-since",
    "jenkins-crumb keep-alive location max-forwards node-name origin pragma proxy-authenticate proxy-authorization",
    "proxy-connection range referer secret-key server set-cookie te trailer transfer-encoding upgrade user-agent via",
    "www-authenticate x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-server",
    "x-proxied-https x-remoting-capability connection-cookie sec-websocket-key sec-websocket-version",
    "sec-websocket-accept sec-websocket-protocol sec-websocket-extensions",
  ]
    .join(" ")
    .split(" "),
);

/** Text on one line. Line breaks and control characters have a meaning in every syntax, and in none as text. */
export const line = z
  .string("must be text")
  .min(1, "is empty")
  .max(1000, "is longer than 1000 letters")
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, "may not hold line breaks or control characters")
  .refine((text) => text.isWellFormed(), "is no proper Unicode text");

/** What a login dialogue says. It stands between quotes in the challenge, which has no way to hold a quote. */
export const realm = line
  .max(200, "is longer than 200 letters")
  .regex(/^[^"\\]*$/, 'may not hold " or \\: it stands between quotes in the challenge')
  .refine((text) => text === text.trim(), "may not begin or end with a space");

/** The name of a user, as a Basic login carries it. */
export const userName = line
  .max(255, "is longer than 255 letters")
  .regex(/^[^:]*$/, "may not hold a colon: that is where the password begins")
  .regex(/^[^\s#].*$/u, "may not begin with a space or #")
  .refine((text) => text === text.trim(), "may not begin or end with a space")
  .refine((name) => !isReservedId(name), "is reserved by Jenkins: no user can have it as an id");

/** The name of a user in a list that gives groups: what separates the entries there is a space. */
export const listedName = userName.regex(/^\S*$/, "may not hold spaces");

/** The name of a group. */
export const groupName = line
  .max(255, "is longer than 255 letters")
  .refine((text) => text === text.trim(), "may not begin or end with a space");
