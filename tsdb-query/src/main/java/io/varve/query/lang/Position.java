package io.varve.query.lang;

/**
 * Where a node stands in its expression. All positions are equal to each other: where something is written is no
 * part of what it says, so trees of differently laid out but otherwise same expressions are equal.
 */
public final class Position {

    private final int offset;

    Position(int offset) {
        this.offset = offset;
    }

    /** Offset from the expression's start in UTF-16 units. */
    public int offset() {
        return offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "@" + offset;
    }
}
