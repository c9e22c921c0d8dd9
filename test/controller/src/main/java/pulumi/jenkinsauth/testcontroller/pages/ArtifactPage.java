package pulumi.jenkinsauth.testcontroller.pages;

import hudson.model.Job;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** {@code /job/NAME/BUILD/artifact/PATH}: what finished builds kept. */
public final class ArtifactPage implements Page {
    @Override
    public void serve(Exchange exchange) throws IOException {
        List<String> rest = exchange.rest();
        if (rest.isEmpty() || !(Jenkins.get().getItem(rest.get(0)) instanceof Job job)) {
            exchange.notFound();
        } else if (rest.size() > 3 && rest.get(2).equals("artifact")) {
            artifact(exchange, job.getBuildDir(rest.get(1)), rest.subList(3, rest.size()));
        } else {
            describe(exchange.below(1), job);
        }
    }

    private static void artifact(Exchange exchange, File build, List<String> path) throws IOException {
        Path archive = build == null ? null : build.toPath().resolve("archive").normalize();
        Path file = archive == null ? null : archive.resolve(String.join("/", path)).normalize();
        if (file == null || !file.startsWith(archive) || !Files.isRegularFile(file)) {
            exchange.notFound();
            return;
        }
        exchange.response().setContentType("application/octet-stream");
        exchange.response().setContentLengthLong(Files.size(file));
        Files.copy(file, exchange.response().getOutputStream());
    }

    private static void describe(Exchange exchange, Job job) throws IOException {
        if (exchange.wantsJson()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("_class", job.getClass().getName());
            answer.put("fullName", job.getFullName());
            answer.put("name", job.getName());
            exchange.json(answer);
        } else if (exchange.rest().isEmpty()) {
            exchange.page(job.getName(), "");
        } else {
            exchange.notFound();
        }
    }
}
