package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.QueryException;
import io.varve.query.kernel.Row;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The series of a vector by their labels. Series that come to the same labels are one if no step has a value in both,
 * and an error otherwise.
 */
final class RowSet implements RowSink {

    private final Map<Labels, Row> rows = new LinkedHashMap<>();
    private final boolean strict;

    RowSet() {
        this(false);
    }

    /** A set in which, if strict, no two series may have the same labels at all. */
    RowSet(boolean strict) {
        this.strict = strict;
    }

    @Override
    public void accept(Labels labels, Row row) {
        Row old = rows.putIfAbsent(labels, row);
        if (old == null) {
            return;
        }
        if (strict || old.overlaps(row)) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION, "vector cannot contain metrics with the same labelset: " + labels);
        }
        old.merge(row);
    }

    Map<Labels, Row> rows() {
        return rows;
    }

    void drainTo(RowSink sink) {
        rows.forEach(sink::accept);
        rows.clear();
    }
}
