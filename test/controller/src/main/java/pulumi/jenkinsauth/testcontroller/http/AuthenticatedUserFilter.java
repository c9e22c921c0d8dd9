package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** Behind the realm's filter: notes down for the log whom the request was found to be of. */
public final class AuthenticatedUserFilter implements Filter {
    public static final String USER = AuthenticatedUserFilter.class.getName();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(USER, CurrentUser.get().getName());
        chain.doFilter(request, response);
    }
}
