package pulumi.jenkinsauth.testcontroller.faults;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Request;

/** The faults that are set. A request that could meet several meets the first. */
public final class Faults {
    private final List<ArmedFault> armed = new CopyOnWriteArrayList<>();

    /** Lets the controller take its time to start, from now on. */
    public void armStart(long milliseconds) {
        arm(new FaultOrder("restarting", null, null, null, null, null, milliseconds));
    }

    public void arm(FaultOrder order) {
        armed.add(new ArmedFault(order, fault(order)));
    }

    private static Fault fault(FaultOrder order) {
        String kind = String.valueOf(order.kind());
        long milliseconds = order.milliseconds() == null ? 0 : order.milliseconds();
        return switch (kind) {
            case "slow" -> new DelayedRequest(milliseconds);
            case "late" -> new DelayedAnswer(milliseconds);
            case "starting" -> new Starting();
            case "warmingUp" -> new WarmingUp();
            case "restarting" -> Restarting.lasting(order.lasting());
            case "resetBefore" -> new ResetBefore();
            case "resetAfter" -> new ResetAfter();
            case "cut" -> new CutAnswer();
            default -> throw new IllegalArgumentException("no fault of the kind \"" + kind + "\"");
        };
    }

    public void clear() {
        armed.clear();
    }

    /**
     * The fault that a request meets, or null. Every fault that matches counts it, whether it is met or
     * not.
     */
    public Fault meeting(Request request) {
        List<Fault> due = armed.stream()
                .map(fault -> fault.meeting(request))
                .filter(Objects::nonNull)
                .toList();
        return due.isEmpty() ? null : due.get(0);
    }
}
