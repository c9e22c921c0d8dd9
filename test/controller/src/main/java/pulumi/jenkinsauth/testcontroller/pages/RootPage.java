package pulumi.jenkinsauth.testcontroller.pages;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;
import pulumi.jenkinsauth.testcontroller.http.Page;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** The dashboard. */
public final class RootPage implements Page {
    @Override
    public void serve(Exchange exchange) throws IOException {
        Jenkins jenkins = Jenkins.get();
        jenkins.checkPermission(Jenkins.READ);
        if (!exchange.wantsJson()) {
            exchange.page("Dashboard", "<p>" + HtmlPage.escape(CurrentUser.get().getName()) + "</p>");
            return;
        }
        List<Map<String, Object>> jobs = jenkins.getItems().stream()
                .map(item -> Map.<String, Object>of(
                        "_class", item.getClass().getName(),
                        "name", item.getName(),
                        "url", jenkins.getRootUrl() + "job/" + item.getName() + "/"))
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("_class", "hudson.model.Hudson");
        answer.put("assignedLabels", List.of(Map.of("name", "built-in")));
        answer.put("mode", jenkins.getMode());
        answer.put("nodeDescription", "the Jenkins controller's built-in node");
        answer.put("nodeName", "");
        answer.put("numExecutors", jenkins.getNumExecutors());
        answer.put("description", jenkins.getSystemMessage());
        answer.put("jobs", jobs);
        answer.put("quietingDown", false);
        answer.put("slaveAgentPort", -1);
        answer.put("url", jenkins.getRootUrl());
        answer.put("useCrumbs", jenkins.isUseCrumbs());
        answer.put("useSecurity", jenkins.isUseSecurity());
        exchange.json(answer);
    }
}
