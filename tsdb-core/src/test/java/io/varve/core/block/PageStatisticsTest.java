package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.StaleMarker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What is kept of a page, and that it comes back bit for bit. */
final class PageStatisticsTest {

    private static PageStatistics of(double... values) {
        PageStatistics statistics = PageStatistics.of(values, 0, values.length);
        ByteSink out = new ByteSink();
        statistics.write(out);
        ByteBuffer bytes = ByteBuffer.wrap(out.toArray()).order(ByteOrder.LITTLE_ENDIAN);
        ByteSource in = new ByteSource(bytes, 0);
        assertThat(PageStatistics.read(in, values.length)).isEqualTo(statistics);
        assertThat(in.isAtEnd()).isTrue();
        return statistics;
    }

    @Test
    void aCounterThatIsReset() {
        assertThat(of(5, 7, 9, 2, 3, 1)).isEqualTo(new PageStatistics(6, 0, 0, 27, 1, 9, 5, 1, 2, 12));
    }

    @Test
    void decimalsAndOtherNumbers() {
        assertThat(of(0.25, -3.5, 1e-3).min()).isEqualTo(-3.5);
        assertThat(of(Math.PI, Math.E).max()).isEqualTo(Math.PI);
        assertThat(of(1e300, -1e300, 1).sum()).isEqualTo(1);
        assertThat(of(-0.0, -0.0).first()).isEqualTo(-0.0);
        assertThat(of(Double.POSITIVE_INFINITY, 1).sum()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).sum()).isNaN();
    }

    @Test
    void staleMarkersAreNoPoints() {
        PageStatistics statistics = of(StaleMarker.VALUE, 4, Double.NaN, 8, StaleMarker.VALUE);
        assertThat(statistics.first()).isEqualTo(4);
        assertThat(statistics.last()).isEqualTo(8);
        assertThat(statistics.nans()).isEqualTo(1);
        assertThat(statistics.stales()).isEqualTo(2);
        assertThat(statistics.numbers()).isEqualTo(2);
    }

    @Test
    void aPageWithoutNumbers() {
        assertThat(of(StaleMarker.VALUE, StaleMarker.VALUE).min()).isNaN();
        assertThat(of(Double.NaN).numbers()).isZero();
    }
}
