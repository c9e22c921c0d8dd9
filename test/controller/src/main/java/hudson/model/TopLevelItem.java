package hudson.model;

/** An {@link Item} that can stand directly below the controller. */
public interface TopLevelItem extends Item {}
