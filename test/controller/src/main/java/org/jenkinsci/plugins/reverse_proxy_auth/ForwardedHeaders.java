package org.jenkinsci.plugins.reverse_proxy_auth;

/** Which headers to look at for the user and the groups, and what is between two groups. */
record ForwardedHeaders(String user, String groups, String delimiter) {}
