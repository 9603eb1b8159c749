package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.it.differential.Differential;
import io.varve.server.it.differential.PrometheusProcess;
import java.io.IOException;
import java.nio.file.Path;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random questions about random data, asked of Varve and of Debian's Prometheus, must have the same answers. The cases are
 * numbered and the same in each run; docs/testing.md says how to run others.
 */
@Tag("peer")
class DifferentialIT {

    private static final int CASES = Integer.getInteger("varve.differential.cases", 4_000);
    private static final long FIRST = Long.getLong("varve.differential.first", 1);

    @TempDir
    private Path directory;

    @Test
    void answersAsPrometheus() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus");
        try (ServerProcess varve = ServerProcess.server(directory.resolve("varve"));
                PrometheusProcess peer = new PrometheusProcess(program, directory.resolve("peer"))) {
            JqwikSession.run(() -> {
                Differential differential = Differential.between(varve.url(), peer.url());
                long begin = System.nanoTime();
                differential.run(FIRST, CASES);
                System.out.println("differential: cases " + FIRST + " to " + (FIRST + CASES - 1) + " in "
                        + (System.nanoTime() - begin) / 1_000_000_000 + " s; " + differential.summary());
                assertThat(differential.failures()).isEmpty();
                assertThat(differential.explained()).as("known differences").isLessThan(10 + CASES / 50);
                assertThat(differential.answered())
                        .as("answers with values in them")
                        .isGreaterThan(CASES / 2 - 10);
            });
        }
    }
}
