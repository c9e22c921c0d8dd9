package pulumi.jenkinsauth.testcontroller.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Starts the controller. Only this package and its libraries are loaded the usual way: the rest of the jar
 * comes from a {@link CoreClassLoader}, in the version to imitate.
 */
public final class Main {
    private static final String CONTROLLER = "pulumi.jenkinsauth.testcontroller.Controller";

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        // Whoever reads the one line may read no more: scripts print elsewhere.
        PrintStream announcements = System.out;
        System.setOut(System.err);
        Options options = options(arguments);
        if (options.exitWithParent()) {
            exitWhenInputEnds();
        }
        CoreClassLoader core = new CoreClassLoader(new OwnClasses(), options.core());
        Thread.currentThread().setContextClassLoader(core);
        Method start = core.loadClass(CONTROLLER).getMethod("start", Options.class);
        try {
            announcements.println(start.invoke(null, options));
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static Options options(String[] arguments) {
        try {
            return Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    /**
     * The process that started this one holds its standard input open; the end of it is the end of that
     * process.
     */
    private static void exitWhenInputEnds() {
        Thread watch = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // as good as the end
            }
            Runtime.getRuntime().halt(0);
        }, "watch-parent");
        watch.setDaemon(true);
        watch.start();
    }
}
