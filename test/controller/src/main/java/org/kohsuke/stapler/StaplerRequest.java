package org.kohsuke.stapler;

import javax.servlet.http.HttpServletRequest;

/**
 * The request that is being answered, as cores before 2.475 knew it, and as newer ones still show it to old
 * code.
 */
public interface StaplerRequest extends HttpServletRequest {
    String getRestOfPath();

    String getReferer();

    String getRootPath();
}
