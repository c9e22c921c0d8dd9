package pulumi.jenkinsauth.testcontroller.pages;

import hudson.PluginWrapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** Lists the plugins; like the API of Jenkins it tells little of them unless asked for their depth. */
public final class PluginManagerPage implements Page {
    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.checkPermission(Jenkins.SYSTEM_READ);
        if (!exchange.wantsJson()) {
            exchange.notFound();
            return;
        }
        String depth = exchange.request().getParameter("depth");
        boolean deep = exchange.request().getParameter("tree") != null || depth != null && !depth.equals("0");
        List<Map<String, Object>> plugins = Jenkins.get().getPluginManager().getPlugins().stream()
                .map(plugin -> deep ? describe(plugin) : Map.<String, Object>of())
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("_class", "hudson.LocalPluginManager");
        answer.put("plugins", plugins);
        exchange.json(answer);
    }

    private static Map<String, Object> describe(PluginWrapper plugin) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("active", plugin.isActive());
        description.put("enabled", plugin.isEnabled());
        description.put("longName", plugin.getLongName());
        description.put("shortName", plugin.getShortName());
        description.put("version", plugin.getVersion());
        return description;
    }
}
