/**
 * Matches a Connection header that names only headers of the connection itself. Before a proxy forwards a request, it drops
 * what Connection names: a login that it has just checked, the user that it has just set. No client needs that for any
 * other header. The expression uses the common subset of PCRE and POSIX, and is matched in any case.
 */
export const plainConnection = "^[[:space:],]*((close|keep-alive|te|upgrade|http2-settings)[[:space:],]*)*$";
