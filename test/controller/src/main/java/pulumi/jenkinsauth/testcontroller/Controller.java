package pulumi.jenkinsauth.testcontroller;

import com.google.gson.Gson;
import hudson.ExtensionList;
import hudson.PluginManager;
import hudson.Util;
import hudson.model.Hudson;
import hudson.model.User;
import hudson.security.ACLContext;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import hudson.security.WhoAmI;
import hudson.security.csrf.DefaultCrumbIssuer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;
import jenkins.security.ApiTokenProperty;
import jenkins.security.ConfidentialStore;
import jenkins.security.apitoken.ApiTokenPropertyConfiguration;
import jenkins.security.seed.UserSeedProperty;
import pulumi.jenkinsauth.testcontroller.control.ControlServer;
import pulumi.jenkinsauth.testcontroller.faults.Faults;
import pulumi.jenkinsauth.testcontroller.http.Application;
import pulumi.jenkinsauth.testcontroller.http.HttpFront;
import pulumi.jenkinsauth.testcontroller.http.OpenAction;
import pulumi.jenkinsauth.testcontroller.launch.Options;
import pulumi.jenkinsauth.testcontroller.launch.PluginDefinition;
import pulumi.jenkinsauth.testcontroller.log.ObservedRequests;
import pulumi.jenkinsauth.testcontroller.log.RequestLog;
import pulumi.jenkinsauth.testcontroller.log.ScriptLog;
import pulumi.jenkinsauth.testcontroller.scripts.ScriptRun;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** Puts the parts together, and brings the controller up as Jenkins comes up. */
public final class Controller {
    private Controller() {}

    /** Starts everything. Answers one line of JSON that says where it is. */
    public static String start(Options options) throws Exception {
        Core.imitate(options.core());
        RequestLog requests = new RequestLog();
        ScriptLog scripts = new ScriptLog();
        Faults faults = new Faults();
        if (options.startMilliseconds() > 0) {
            faults.armStart(options.startMilliseconds());
        }
        ObservedRequests around = new ObservedRequests(requests, faults);
        HttpFront front = new HttpFront(options.port(), options.contextPath(), around);
        Application application = new Application();
        application.publishIn(front.servletContext());
        front.start();
        try {
            boot(options, front, scripts);
            application.ready();
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            application.failed(e);
        }
        warmUpGroovy();
        ControlServer control = new ControlServer(requests, scripts, faults);
        return announcement(options, front, control, application);
    }

    private static void boot(Options options, HttpFront front, ScriptLog scripts) throws IOException {
        Files.createDirectories(options.home().toPath());
        File secretKey = new File(options.home(), "secret.key");
        PluginManager plugins = new PluginManager(options.plugins());
        Jenkins jenkins = new Hudson(options.home(), front.servletContext(), plugins);
        Jenkins.XSTREAM2.see(plugins);
        User.XSTREAM.see(plugins);
        if (!secretKey.exists()) {
            Files.writeString(secretKey.toPath(), Util.toHexString(ConfidentialStore.get().randomBytes(32)));
        }
        registerExtensions(plugins, scripts);
        boolean first = !new File(options.home(), "config.xml").exists();
        try (ACLContext system = CurrentUser.become(CurrentUser.SYSTEM)) {
            jenkins.load();
            if (first) {
                makeAdministrator(jenkins, options);
            }
            for (Startable startable : ExtensionList.lookup(Startable.class)) {
                startable.start();
            }
            InitScripts.run(options.home());
        }
    }

    private static void registerExtensions(PluginManager plugins, ScriptLog scripts) {
        ExtensionList.register(scripts);
        ExtensionList.register(new WhoAmI());
        for (String open : List.of("assets", "cli", "health", "instance-identity", "static-files",
                "wsagents")) {
            ExtensionList.register(new OpenAction(open));
        }
        ExtensionList.register(new JenkinsLocationConfiguration());
        ExtensionList.register(new ApiTokenProperty.DescriptorImpl());
        if (Core.hasTokenStore()) {
            ExtensionList.register(new ApiTokenPropertyConfiguration());
        }
        if (Core.version().atLeast("2.160")) {
            ExtensionList.register(new UserSeedProperty.DescriptorImpl());
        }
        plugins.getPlugins().forEach(plugin -> {
            for (String extension : PluginDefinition.of(plugin.getShortName()).extensions()) {
                try {
                    Class<?> type = plugin.classLoader.loadClass(extension);
                    ExtensionList.register(type.getDeclaredConstructor().newInstance());
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    private static void makeAdministrator(Jenkins jenkins, Options options) throws IOException {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        var strategy = new FullControlOnceLoggedInAuthorizationStrategy();
        strategy.setAllowAnonymousRead(false);
        jenkins.setSecurityRealm(realm);
        jenkins.setAuthorizationStrategy(strategy);
        jenkins.setCrumbIssuer(new DefaultCrumbIssuer(false));
        jenkins.save();
        realm.createAccount(options.user(), options.password());
    }

    /** The first script takes half a second more than the others; nobody has to wait for that. */
    private static void warmUpGroovy() {
        Thread warmUp = new Thread(() -> ScriptRun.of("null"), "warm-up");
        warmUp.setDaemon(true);
        warmUp.start();
    }

    private static String announcement(
            Options options, HttpFront front, ControlServer control, Application application) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("url", "http://127.0.0.1:" + front.port() + options.contextPath());
        line.put("control", control.url());
        line.put("user", options.user());
        line.put("password", options.password());
        line.put("home", options.home().getPath());
        line.put("core", options.core().text());
        line.put("pid", ProcessHandle.current().pid());
        if (application.failure() != null) {
            line.put("bootFailure", application.failure().toString());
        }
        return new Gson().toJson(line);
    }
}
