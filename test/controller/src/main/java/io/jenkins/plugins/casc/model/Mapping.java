package io.jenkins.plugins.casc.model;

import java.util.LinkedHashMap;

public final class Mapping extends LinkedHashMap<String, CNode> implements CNode {
    @Override
    public Mapping asMapping() {
        return this;
    }
}
