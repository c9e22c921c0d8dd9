import { plainConnection } from "../connectionOptions";
import { lines, paragraphs } from "./text";

/** What no request may be, whoever sends it. */
export function refusedRequests(): string {
  return paragraphs(
    lines(
      "# In a tunnel anybody could say anything. Jenkins has WebSockets, so there is no CONNECT, and no other Upgrade (h2c).",
      `<If "%{REQUEST_METHOD} == 'CONNECT'">`,
      "  Require all denied",
      "</If>",
      'RequestHeader set Upgrade websocket "expr=%{HTTP:Upgrade} =~ /websocket/i"',
      "# It would tell a client what Jenkins is told.",
      "TraceEnable Off",
    ),
    lines(
      "# Apache drops the headers that Connection names before Jenkins sees them: the login, the user that is set below.",
      `<If "%{HTTP:Connection} !~ m#${plainConnection}#i">`,
      '  Redirect 400 "/"',
      "</If>",
      "# A request without a version (HTTP/0.9) has no headers either, and the rules below are for a first line with one.",
      "HttpProtocolOptions Strict Require1.0",
    ),
  );
}
