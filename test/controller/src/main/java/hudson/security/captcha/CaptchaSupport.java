package hudson.security.captcha;

import hudson.ExtensionPoint;
import hudson.model.Describable;

/** A riddle before signing up; no plugin brings one here. */
public abstract class CaptchaSupport implements Describable<CaptchaSupport>, ExtensionPoint {}
