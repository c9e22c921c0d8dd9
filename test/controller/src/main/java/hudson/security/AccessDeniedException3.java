package hudson.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.PrintWriter;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** Says which permission was missing, in headers too. */
public class AccessDeniedException3 extends AccessDeniedException {
    public final transient Authentication authentication;
    public final transient Permission permission;

    public AccessDeniedException3(Authentication authentication, Permission permission) {
        super(authentication.getName() + " is missing the " + permission.group.title + "/" + permission.name
                + " permission");
        this.authentication = authentication;
        this.permission = permission;
    }

    public void reportAsHeaders(HttpServletResponse response) {
        response.addHeader("X-You-Are-Authenticated-As", authentication.getName());
        response.addHeader(
                "X-You-Are-In-Group-Disabled",
                "JENKINS-39402: use -Dhudson.security.AccessDeniedException2.REPORT_GROUP_HEADERS=true"
                        + " or use /whoAmI to diagnose");
        response.addHeader("X-Required-Permission", permission.getId());
        for (Permission implied = permission.impliedBy; implied != null; implied = implied.impliedBy) {
            response.addHeader("X-Permission-Implied-By", implied.getId());
        }
    }

    public void report(PrintWriter writer) {
        writer.println("You are authenticated as: " + authentication.getName());
        writer.println("Groups that you are in:");
        for (GrantedAuthority authority : authentication.getAuthorities()) {
            writer.println("  " + authority.getAuthority());
        }
        writer.println("Permission you need to have (but didn't): " + permission.getId());
        for (Permission implied = permission.impliedBy; implied != null; implied = implied.impliedBy) {
            writer.println(" ... which is implied by: " + implied.getId());
        }
    }
}
