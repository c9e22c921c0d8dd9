package hudson.model;

/** A {@link RootAction} that answers those, too, who may not read the controller. */
public interface UnprotectedRootAction extends RootAction {}
