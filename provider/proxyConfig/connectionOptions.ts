/**
 * Matches a Connection header that names no header but the ones that belong to the connection itself. A proxy drops what
 * Connection names before it forwards a request: a login that it has just checked, the user that it has just set. No
 * client needs that for any other header. The expression uses what PCRE and POSIX agree on, and is for any case.
 */
export const plainConnection = "^[[:space:],]*((close|keep-alive|te|upgrade|http2-settings)[[:space:],]*)*$";
