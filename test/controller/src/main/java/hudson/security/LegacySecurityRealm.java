package hudson.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Leaves passwords to the servlet container, which has no users here; tokens work, but posting needs a
 * crumb.
 */
public final class LegacySecurityRealm extends SecurityRealm {

    @DataBoundConstructor
    public LegacySecurityRealm() {}

    @Override
    public SecurityComponents createSecurityComponents() {
        return new SecurityComponents(authentication -> null);
    }

    @Override
    public String getAuthenticationGatewayUrl() {
        return "j_security_check";
    }

    @Override
    public String getLoginUrl() {
        return "loginEntry";
    }

    @Override
    public Filter createFilter(FilterConfig config) {
        List<Filter> filters = new ArrayList<>();
        filters.add(new BasicAuthenticationFilter());
        filters.addAll(commonFilters());
        return new ChainedServletFilter2(filters);
    }
}
