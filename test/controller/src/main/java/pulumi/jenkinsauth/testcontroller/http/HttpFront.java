package pulumi.jenkinsauth.testcontroller.http;

import hudson.security.HudsonFilter;
import hudson.security.csrf.CrumbFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionTrackingMode;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import jenkins.security.SuspiciousRequestFilter;
import org.eclipse.jetty.ee9.servlet.FilterHolder;
import org.eclipse.jetty.ee9.servlet.ServletContextHandler;
import org.eclipse.jetty.ee9.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web server, set up as the one in jenkins.war is, but on the loopback address alone. */
public final class HttpFront {
    private final Server server = new Server(new QueuedThreadPool(200));
    private final ServerConnector connector;
    private final ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);

    /** @param around what sees every request before, and every answer after, the rest of the server */
    public HttpFront(int port, String contextPath, Handler.Wrapper around) {
        connector = new ServerConnector(server, new HttpConnectionFactory(configuration()));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
        context.setMaxFormContentSize(Integer.MAX_VALUE);
        context.setMaxFormKeys(10_000);
        context.getSessionHandler().setSessionTrackingModes(Set.of(SessionTrackingMode.COOKIE));
        context.getSessionHandler()
                .setSessionCookie("JSESSIONID." + UUID.randomUUID().toString().substring(0, 8));
        context.getSessionHandler().setHttpOnly(true);
        addFilter(new SuspiciousRequestFilter());
        addFilter(new Utf8Filter());
        addFilter(new HudsonFilter());
        addFilter(new AuthenticatedUserFilter());
        addFilter(new CrumbFilter());
        ServletHolder servlet = new ServletHolder("Stapler", new JenkinsServlet());
        servlet.getRegistration().setMultipartConfig(new MultipartConfigElement(""));
        context.addServlet(servlet, "/*");
        GzipHandler gzip = new GzipHandler();
        gzip.setHandler(context);
        around.setHandler(gzip);
        server.setHandler(around);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        configuration.setUriCompliance(UriCompliance.LEGACY);
        configuration.addCustomizer(new ForwardedRequestCustomizer());
        return configuration;
    }

    private void addFilter(Filter filter) {
        context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    public ServletContext servletContext() {
        return context.getServletContext();
    }

    public void start() throws Exception {
        server.start();
    }

    public int port() {
        return connector.getLocalPort();
    }
}
