package hudson.security.csrf;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderProcessor;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.http.CanonicalPath;

/** Asks for a crumb with every POST, from 2.96 on but for those that were let in by a token. */
public class CrumbFilter implements Filter {
    /** Paths that programs post to which know of no crumbs. */
    private static final Set<String> EXEMPT = Set.of("/cli");

    private static final boolean TOKENS_DO_WITHOUT = Core.version().atLeast("2.96");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        CrumbIssuer issuer = jenkins == null ? null : jenkins.getCrumbIssuer();
        if (issuer == null || !http.getMethod().equals("POST") || isExempt(http)
                || issuer.hasValidCrumb(http)) {
            chain.doFilter(request, response);
        } else {
            ((HttpServletResponse) response)
                    .sendError(HttpServletResponse.SC_FORBIDDEN,
                            "No valid crumb was included in the request");
        }
    }

    private static boolean isExempt(HttpServletRequest request) {
        return TOKENS_DO_WITHOUT && Boolean.TRUE.equals(request.getAttribute(BasicHeaderProcessor.BY_TOKEN))
                || EXEMPT.contains(CanonicalPath.of(request));
    }
}
