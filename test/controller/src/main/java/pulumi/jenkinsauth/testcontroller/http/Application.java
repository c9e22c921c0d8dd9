package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.ServletContext;

/** Whether the controller is up: starting, ready, or broken. */
public final class Application {
    private enum State {
        LOADING, READY, FAILED
    }

    private volatile State state = State.LOADING;
    private volatile Throwable failure;

    public static Application of(ServletContext context) {
        return (Application) context.getAttribute(Application.class.getName());
    }

    public void publishIn(ServletContext context) {
        context.setAttribute(Application.class.getName(), this);
    }

    public void beginLoading() {
        state = State.LOADING;
    }

    public void ready() {
        state = State.READY;
    }

    public void failed(Throwable cause) {
        failure = cause;
        state = State.FAILED;
    }

    public boolean isLoading() {
        return state == State.LOADING;
    }

    /** Why it could not start, or null. */
    public Throwable failure() {
        return state == State.FAILED ? failure : null;
    }
}
