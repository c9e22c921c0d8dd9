import { plainConnection } from "../connectionOptions";
import { config } from "../template";

/** Requests that are refused in every mode. */
export const refusedRequests = config`
  # Nothing of this file applies inside a tunnel. Jenkins needs WebSockets: no CONNECT, and no other Upgrade (h2c).
  <If "%{REQUEST_METHOD} == 'CONNECT'">
    Require all denied
  </If>
  RequestHeader set Upgrade websocket "expr=%{HTTP:Upgrade} =~ /websocket/i"
  # It would tell a client what Jenkins is told.
  TraceEnable Off

  # Apache drops the headers that Connection names before Jenkins sees them: the login, the user that is set below.
  <If "%{HTTP:Connection} !~ m#${plainConnection}#i">
    Redirect 400 "/"
  </If>
  # A request without a version (HTTP/0.9) has no headers either, and the rules below are for a first line with one.
  HttpProtocolOptions Strict Require1.0
`;
