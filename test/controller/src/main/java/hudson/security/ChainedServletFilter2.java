package hudson.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Several filters, one after the other. */
public class ChainedServletFilter2 implements Filter {
    private final List<Filter> filters;

    public ChainedServletFilter2(Filter... filters) {
        this(List.of(filters));
    }

    public ChainedServletFilter2(List<? extends Filter> filters) {
        this.filters = List.copyOf(filters);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        next(filters.iterator(), chain).doFilter(request, response);
    }

    private static FilterChain next(Iterator<Filter> rest, FilterChain end) {
        return (request, response) -> {
            if (rest.hasNext()) {
                rest.next().doFilter(request, response, next(rest, end));
            } else {
                end.doFilter(request, response);
            }
        };
    }
}
