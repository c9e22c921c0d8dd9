package hudson.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;

/** Runs the filter of whichever realm is set at the moment. */
public class HudsonFilter implements Filter {
    private volatile Filter filter;
    private FilterConfig config;

    @Override
    public void init(FilterConfig config) {
        this.config = config;
        config.getServletContext().setAttribute(HudsonFilter.class.getName(), this);
    }

    public static HudsonFilter get(ServletContext context) {
        return (HudsonFilter) context.getAttribute(HudsonFilter.class.getName());
    }

    public synchronized void reset(SecurityRealm realm) throws ServletException {
        realm.getSecurityComponents();
        Filter next = realm.createFilter(config);
        next.init(config);
        filter = next;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ((HttpServletResponse) response).setHeader("X-Content-Type-Options", "nosniff");
        Filter current = filter;
        try {
            if (current == null) {
                chain.doFilter(request, response);
            } else {
                current.doFilter(request, response, chain);
            }
        } finally {
            // Realms with filters of their own leave their user on the thread, which serves others next.
            SecurityContextHolder.clearContext();
        }
    }
}
