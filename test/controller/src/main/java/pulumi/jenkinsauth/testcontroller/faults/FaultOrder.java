package pulumi.jenkinsauth.testcontroller.faults;

/**
 * What a test asks for, as JSON.
 *
 * @param kind see {@link Faults}
 * @param method of the requests that it is for; none for any
 * @param path a regular expression that the raw path and query must contain; none for any
 * @param after how many requests that match to let pass first
 * @param times how many requests meet it then; none for all
 * @param milliseconds how long an answer is delayed
 * @param lasting for how many milliseconds from now it is there; none for until it is cleared
 */
public record FaultOrder(
        String kind, String method, String path, Integer after, Integer times, Long milliseconds,
        Long lasting) {}
