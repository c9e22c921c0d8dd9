package hudson;

import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import jenkins.model.Jenkins;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** How Jenkins prints what went wrong, and says who it is. */
public class Functions {

    public static boolean isAnonymous() {
        return CurrentUser.get() instanceof AnonymousAuthenticationToken;
    }

    /** The headers by which clients know that they talk to Jenkins. */
    public static void advertiseHeaders(HttpServletResponse response) {
        response.setHeader("X-Hudson", "1.395");
        response.setHeader("X-Jenkins", Core.version().text());
        response.setHeader("X-Jenkins-Session", Jenkins.SESSION_HASH);
    }

    public static void printStackTrace(Throwable throwable, PrintWriter writer) {
        writer.println(printThrowable(throwable).trim());
    }

    /**
     * Unlike Java's own print this begins with the innermost cause, and says {@code Caused:} of what it led
     * to.
     */
    public static String printThrowable(Throwable throwable) {
        if (throwable == null) {
            return "No Exception details";
        }
        StringBuilder text = new StringBuilder();
        print(text, throwable, null, "", Collections.newSetFromMap(new IdentityHashMap<>()));
        return text.toString();
    }

    private static void print(
            StringBuilder text, Throwable throwable, Throwable outer, String prefix, Set<Throwable> seen) {
        if (!seen.add(throwable)) {
            text.append("<cycle to ").append(throwable).append(">\n");
            return;
        }
        if (Util.isOverridden(Throwable.class, throwable.getClass(), "printStackTrace", PrintWriter.class)) {
            StringWriter own = new StringWriter();
            throwable.printStackTrace(new PrintWriter(own));
            text.append(own);
            return;
        }
        Throwable cause = throwable.getCause();
        if (cause != null) {
            print(text, cause, throwable, prefix, seen);
        }
        for (Throwable suppressed : throwable.getSuppressed()) {
            text.append(prefix).append("Also:   ");
            print(text, suppressed, throwable, prefix + "\t", seen);
        }
        if (cause != null) {
            text.append(prefix).append("Caused: ");
        }
        text.append(summary(throwable, cause)).append('\n');
        StackTraceElement[] frames = throwable.getStackTrace();
        for (int i = 0; i < framesOfItsOwn(throwable, outer); i++) {
            text.append(prefix).append("\tat ").append(frames[i]).append('\n');
        }
    }

    private static String summary(Throwable throwable, Throwable cause) {
        String summary = throwable.toString();
        String echo = ": " + cause;
        return cause != null && summary.endsWith(echo)
                ? summary.substring(0, summary.length() - echo.length())
                : summary;
    }

    private static int framesOfItsOwn(Throwable throwable, Throwable outer) {
        StackTraceElement[] frames = throwable.getStackTrace();
        int end = frames.length;
        if (outer == null) {
            return end;
        }
        StackTraceElement[] outerFrames = outer.getStackTrace();
        for (int other = outerFrames.length; end > 0 && other > 0; end--, other--) {
            if (!frames[end - 1].equals(outerFrames[other - 1])) {
                break;
            }
        }
        return end;
    }
}
