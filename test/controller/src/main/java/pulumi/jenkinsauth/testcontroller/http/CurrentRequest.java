package pulumi.jenkinsauth.testcontroller.http;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** The request that the current thread answers. */
public final class CurrentRequest {
    private static final ThreadLocal<StaplerRequestImpl> CURRENT = new ThreadLocal<>();

    private CurrentRequest() {}

    public static StaplerRequestImpl get() {
        return CURRENT.get();
    }

    static void set(StaplerRequestImpl request) {
        if (request == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(request);
        }
    }

    /** The request in the shape that a version of Stapler gives it, or null outside of one. */
    public static <T> T as(Class<T> type) {
        return CURRENT.get() == null ? null : view(type, CURRENT.get());
    }

    /**
     * Shows an object through an interface that it does not implement, by the names of its methods. That is
     * how one request serves scripts that know the servlet API as {@code jakarta}, and others that know it as
     * {@code javax}.
     */
    private static <T> T view(Class<T> type, Object target) {
        InvocationHandler forward = (proxy, method, arguments) -> {
            try {
                Method own = target.getClass().getMethod(method.getName(), method.getParameterTypes());
                own.setAccessible(true);
                return adapt(method.getReturnType(), own.invoke(target, arguments));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, forward));
    }

    private static Object adapt(Class<?> type, Object value) {
        boolean fits = value == null || type.isPrimitive() || type.isInstance(value) || !type.isInterface();
        return fits ? value : view(type, value);
    }
}
