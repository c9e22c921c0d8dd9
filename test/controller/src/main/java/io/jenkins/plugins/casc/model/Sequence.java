package io.jenkins.plugins.casc.model;

import java.util.ArrayList;

public final class Sequence extends ArrayList<CNode> implements CNode {
    @Override
    public Sequence asSequence() {
        return this;
    }
}
