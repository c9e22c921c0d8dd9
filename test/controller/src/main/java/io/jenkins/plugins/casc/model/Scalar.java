package io.jenkins.plugins.casc.model;

public final class Scalar implements CNode, CharSequence {
    private final String value;

    public Scalar(String value) {
        this.value = value;
    }

    public String getValue() {
        return value;
    }

    @Override
    public Scalar asScalar() {
        return this;
    }

    @Override
    public int length() {
        return value.length();
    }

    @Override
    public char charAt(int index) {
        return value.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return value.subSequence(start, end);
    }

    @Override
    public String toString() {
        return value;
    }
}
