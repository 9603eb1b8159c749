package io.varve.query.lang;

/** What an expression evaluates to. */
public enum ValueType {
    SCALAR("scalar"),
    STRING("string"),
    VECTOR("instant vector"),
    MATRIX("range vector");

    private final String text;

    ValueType(String text) {
        this.text = text;
    }

    /** The type as error messages name it. */
    public String text() {
        return text;
    }
}
