package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.util.StringJoiner;

/** Answers as short texts. */
final class TsdbReading {

    private TsdbReading() {}

    /** {@code time=value} of the samples of a series, with blanks between. */
    static String text(Querier querier, Labels labels) {
        StringJoiner text = new StringJoiner(" ");
        try (SeriesSet set = querier.select(Matcher.equal("__name__", labels.get("__name__")))) {
            while (set.next()) {
                ColumnCursor columns = set.columns();
                while (set.labels().equals(labels) && columns.nextPage()) {
                    for (int i = 0; i < columns.size(); i++) {
                        text.add(columns.times()[i] + "=" + columns.values()[i]);
                    }
                }
            }
            assertThat(set.holes()).isEmpty();
        }
        return text.toString();
    }
}
