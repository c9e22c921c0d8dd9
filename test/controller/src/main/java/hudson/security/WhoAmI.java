package hudson.security;

import hudson.model.UnprotectedRootAction;

/** Tells a client who it is taken for. */
public class WhoAmI implements UnprotectedRootAction {
    @Override
    public String getUrlName() {
        return "whoAmI";
    }
}
