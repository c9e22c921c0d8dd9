package jenkins.util;

import hudson.security.ACLContext;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** Runs tasks later, as the system. */
public class Timer {
    private static final Logger LOGGER = Logger.getLogger(Timer.class.getName());
    private static final ScheduledExecutorService EXECUTOR = new AsSystem();

    private Timer() {}

    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }

    private static final class AsSystem extends ScheduledThreadPoolExecutor {
        AsSystem() {
            super(10, task -> {
                Thread thread = new Thread(task, "jenkins.util.Timer");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(asSystem(task), delay, unit);
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            return super.schedule(
                    () -> {
                        try (ACLContext system = CurrentUser.become(CurrentUser.SYSTEM)) {
                            return task.call();
                        }
                    },
                    delay,
                    unit);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
            return super.scheduleAtFixedRate(asSystem(task), delay, period, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long delay, long pause,
                TimeUnit unit) {
            return super.scheduleWithFixedDelay(asSystem(task), delay, pause, unit);
        }

        private static Runnable asSystem(Runnable task) {
            return () -> {
                try (ACLContext system = CurrentUser.become(CurrentUser.SYSTEM)) {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOGGER.log(Level.WARNING, "Timer task " + task + " failed", e);
                    throw e;
                }
            };
        }
    }
}
