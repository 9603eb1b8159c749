package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryControl;
import io.varve.query.QueryMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An answer on its way ends with its query, or when its time is up. */
final class WatchedOutputTest {

    private long now = 100;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED);
    private final WatchedOutput output = new WatchedOutput(sent, control, TimeSource.of(() -> now, () -> now), 200);

    @Test
    void aCancelledQuerySendsNoMore() throws IOException {
        output.write(new byte[10]);
        control.cancel();
        assertThatThrownBy(() -> output.write(new byte[10])).hasMessage("query was canceled");
        assertThat(sent.size()).isEqualTo(10);
    }

    @Test
    void aClientThatReadsTooSlowlyGetsNoMore() throws IOException {
        now = 200;
        output.write(new byte[10], 0, 5);
        now = 201;
        assertThatThrownBy(() -> output.write(new byte[10])).hasMessage("the client reads too slowly");
        assertThat(sent.size()).isEqualTo(5);
    }
}
