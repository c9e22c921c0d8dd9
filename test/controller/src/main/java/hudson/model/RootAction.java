package hudson.model;

import hudson.ExtensionPoint;

/** An {@link Action} of the controller itself. */
public interface RootAction extends Action, ExtensionPoint {}
