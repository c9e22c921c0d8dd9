package pulumi.jenkinsauth.testcontroller.launch;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pulumi.jenkinsauth.testcontroller.versions.Version;

/** What the command line asked for. */
public record Options(
        File home,
        int port,
        String contextPath,
        Version core,
        Map<String, String> plugins,
        String user,
        String password,
        long startMilliseconds,
        boolean exitWithParent) {

    /** The cores that can be imitated, by the name that {@code --core} takes. */
    private static final Map<String, String> CORES = Map.of("current", "2.568.2", "2.249", "2.249.3",
            "2.107", "2.107.3", "1.651", "1.651.3");

    private static final Map<String, String> DEFAULT_PLUGINS = Map.of("current",
            "ldap,reverse-proxy-auth-plugin,url-auth-sso-plugin", "2.249", "", "2.107", "", "1.651", "");

    static Options parse(String[] arguments) {
        Map<String, String> values = new HashMap<>(Map.of(
                "port", "0", "prefix", "", "core", "current", "user", "admin", "password", "admin-password",
                "start-milliseconds", "0"));
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i].replaceFirst("^--", "");
            if (name.equals("exit-with-parent")) {
                flags.add(name);
            } else if (i + 1 < arguments.length) {
                values.put(name, arguments[++i]);
            } else {
                throw new IllegalArgumentException("--" + name + " needs a value");
            }
        }
        String core = values.get("core");
        if (!CORES.containsKey(core)) {
            throw new IllegalArgumentException("--core " + core + ": there are " + CORES.keySet());
        }
        if (!values.containsKey("home")) {
            throw new IllegalArgumentException("--home DIR is missing");
        }
        return new Options(
                new File(values.get("home")).getAbsoluteFile(),
                Integer.parseInt(values.get("port")),
                contextPath(values.get("prefix")),
                new Version(CORES.get(core)),
                plugins(values.getOrDefault("plugins", DEFAULT_PLUGINS.get(core))),
                values.get("user"),
                values.get("password"),
                Long.parseLong(values.get("start-milliseconds")),
                flags.contains("exit-with-parent"));
    }

    private static String contextPath(String prefix) {
        String bare = prefix.replaceAll("^/+|/+$", "");
        return bare.isEmpty() ? "" : "/" + bare;
    }

    /** Short names with their versions, each after the plugins that it depends on. */
    private static Map<String, String> plugins(String list) {
        Map<String, String> plugins = new LinkedHashMap<>();
        for (String entry : list.split(",")) {
            if (!entry.isBlank()) {
                String[] nameAndVersion = entry.trim().split(":", 2);
                PluginDefinition plugin = PluginDefinition.of(nameAndVersion[0]);
                for (String dependency : plugin.dependencies()) {
                    plugins.putIfAbsent(dependency, PluginDefinition.of(dependency).version());
                }
                plugins.put(plugin.shortName(),
                        nameAndVersion.length > 1 ? nameAndVersion[1] : plugin.version());
            }
        }
        return plugins;
    }
}
