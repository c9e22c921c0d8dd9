package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.util.Secret;

/** Where to find groups instead of in a header, and how. */
record DirectorySearch(
        String server,
        String rootDN,
        boolean inhibitInferRootDN,
        String userSearchBase,
        String userSearch,
        String groupSearchBase,
        String groupSearchFilter,
        String groupMembershipFilter,
        String managerDN,
        Secret managerPassword,
        Integer updateInterval,
        boolean disableEmailResolver,
        String displayNameAttribute,
        String emailAddressAttribute) {}
