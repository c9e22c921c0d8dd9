package pulumi.jenkinsauth.testcontroller.log;

import java.util.List;
import java.util.Map;

/**
 * A request that was served.
 *
 * @param path the path and the query as they were sent
 * @param status of the answer, or 0 if there was none
 * @param user who it was found to be of, or null if that was never asked
 * @param connection the same for requests that came over the same connection
 * @param bytesIn of the request's body
 * @param bytesOut of the answer's body, as it was sent
 * @param headerNames of the request, in its order and spelling
 * @param forwarded the values of its X-Forwarded headers
 * @param fault the kind of the fault that it met, or null
 */
public record RequestEntry(
        String time,
        String method,
        String path,
        int status,
        String user,
        String connection,
        long bytesIn,
        long bytesOut,
        long milliseconds,
        List<String> headerNames,
        Map<String, List<String>> forwarded,
        String fault) {}
