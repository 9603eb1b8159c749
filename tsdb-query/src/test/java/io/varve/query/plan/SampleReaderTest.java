package io.varve.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.ColumnCursor;
import org.junit.jupiter.api.Test;

/** Floats are read alone, or histograms beside them. */
class SampleReaderTest {

    /** A page of floats, or of histograms where there are no values. */
    private static final class Pages implements ColumnCursor {
        private final long[][] times;
        private final double[][] values;
        private final boolean tellsLast;
        private int at = -1;

        Pages(long[][] times, double[][] values) {
            this(times, values, false);
        }

        Pages(long[][] times, double[][] values, boolean tellsLast) {
            this.tellsLast = tellsLast;
            this.times = times;
            this.values = values;
        }

        @Override
        public boolean nextPage() {
            return ++at < times.length;
        }

        @Override
        public SampleKind kind() {
            return values[at].length == 0 ? SampleKind.HISTOGRAM : SampleKind.FLOAT;
        }

        @Override
        public boolean isLast() {
            return tellsLast && at == times.length - 1;
        }

        @Override
        public int size() {
            return times[at].length;
        }

        @Override
        public long[] times() {
            return times[at];
        }

        @Override
        public double[] values() {
            return values[at];
        }

        @Override
        public Histogram histogram(int index) {
            return Histogram.stale(false);
        }
    }

    @Test
    void aLonePageIsBorrowedAndNeverWrittenTo() {
        SampleReader reader = new SampleReader();
        long[] times = {1, 2, 3};
        double[] values = {10, StaleMarker.VALUE, 30};
        reader.readAll(new Pages(new long[][] {times}, new double[][] {values}, true));
        assertThat(reader.values()).isSameAs(values);
        assertThat(reader.times()).isSameAs(times);
        long version = reader.version();
        reader.readAll(new Pages(new long[][] {{1, 2, 3}}, new double[][] {{4, 5, 6}}, true));
        assertThat(reader.version()).as("same times").isEqualTo(version);
        assertThat(reader.values()).startsWith(4, 5, 6);
        reader.readAllValues(new Pages(new long[][] {times}, new double[][] {values}, true));
        assertThat(reader.size()).as("without markers").isEqualTo(2);
        assertThat(reader.times()).startsWith(1, 3);
        assertThat(reader.values()).startsWith(10, 30);
        assertThat(reader.version()).isNotEqualTo(version);
        version = reader.version();
        reader.readAll(new Pages(new long[][] {{1}, {3}}, new double[][] {{7}, {8}}, true));
        assertThat(reader.version()).as("same times again").isEqualTo(version);
        reader.readAll(new Pages(new long[][] {{1, 4}}, new double[][] {{7, 9}}, true));
        assertThat(reader.version()).isNotEqualTo(version);
        version = reader.version();
        reader.readAll(new Pages(new long[][] {{1, 5}, {6}}, new double[][] {{7, 9}, {1}}, true));
        assertThat(reader.times()).startsWith(1, 5, 6);
        assertThat(reader.values()).startsWith(7, 9, 1);
        assertThat(reader.version()).isNotEqualTo(version);
        assertThat(times).containsExactly(1, 2, 3);
        assertThat(values).startsWith(10).endsWith(30);
    }

    @Test
    void histograms_stand_beside_floats() {
        SampleReader reader = new SampleReader();
        reader.readAll(new Pages(new long[][] {{1, 2}, {3, 4}, {6}}, new double[][] {{10, 20}, {}, {60}}));
        assertThat(reader.times()).startsWith(1, 2, 3, 4, 6);
        assertThat(reader.histograms()).startsWith(null, null, Histogram.stale(false), Histogram.stale(false), null);
        assertThat(StaleMarker.is(reader.values()[3])).isTrue();
        assertThat(reader.values()[4]).isEqualTo(60);
        long version = reader.version();
        reader.readAll(new Pages(new long[][] {{1, 2, 3, 4, 6}}, new double[][] {{1, 2, 3, 4, 5}}));
        assertThat(reader.histograms()).as("none in this series").isNull();
        assertThat(reader.version()).as("same times").isEqualTo(version);
        reader.readAllValues(new Pages(new long[][] {{1}, {3, 4}, {6}}, new double[][] {{10}, {}, {60}}));
        assertThat(reader.size()).as("without markers").isEqualTo(2);
        assertThat(reader.times()).startsWith(1, 6);
        assertThat(reader.histograms()).startsWith(null, null);
    }
}
