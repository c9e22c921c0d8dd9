package pulumi.jenkinsauth.testcontroller.http;

import hudson.ExtensionList;
import hudson.model.RootAction;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import pulumi.jenkinsauth.testcontroller.pages.AgentsPages;
import pulumi.jenkinsauth.testcontroller.pages.ArtifactPage;
import pulumi.jenkinsauth.testcontroller.pages.CrumbIssuerPage;
import pulumi.jenkinsauth.testcontroller.pages.LoginPages;
import pulumi.jenkinsauth.testcontroller.pages.ManagePages;
import pulumi.jenkinsauth.testcontroller.pages.PluginManagerPage;
import pulumi.jenkinsauth.testcontroller.pages.ReverseProxyMonitorPage;
import pulumi.jenkinsauth.testcontroller.pages.RootPage;
import pulumi.jenkinsauth.testcontroller.pages.ScriptPages;
import pulumi.jenkinsauth.testcontroller.pages.SecurityRealmPage;
import pulumi.jenkinsauth.testcontroller.pages.UserPage;
import pulumi.jenkinsauth.testcontroller.pages.WhoAmIPage;

/** Every page there is, by the first segment of its path; plugins add theirs as root actions. */
final class Pages {
    private final Map<String, Page> pages = new HashMap<>();
    private final Page root = new RootPage();

    Pages() {
        pages.put("administrativeMonitor", new ReverseProxyMonitorPage());
        pages.put("crumbIssuer", new CrumbIssuerPage());
        pages.put("job", new ArtifactPage());
        pages.put("pluginManager", new PluginManagerPage());
        pages.put("securityRealm", new SecurityRealmPage());
        pages.put("user", new UserPage());
        pages.put("whoAmI", new WhoAmIPage());
        pages.putAll(AgentsPages.all());
        pages.putAll(LoginPages.all());
        pages.putAll(ManagePages.all());
        pages.putAll(ScriptPages.all());
    }

    void serve(Exchange exchange) throws IOException, ServletException {
        if (exchange.rest().isEmpty() || exchange.wantsJson()) {
            root.serve(exchange);
            return;
        }
        String first = exchange.rest().get(0);
        Page page = pages.getOrDefault(first, ofPlugin(first));
        if (page == null) {
            exchange.notFound();
        } else {
            page.serve(exchange.below(1));
        }
    }

    private static Page ofPlugin(String name) {
        return ExtensionList.lookup(RootAction.class).stream()
                .filter(action -> name.equals(action.getUrlName()) && action instanceof Page)
                .map(Page.class::cast)
                .findFirst()
                .orElse(null);
    }
}
