package io.varve.query.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Resolution;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs each script under promql/, with pages of one and of many samples, in two units of time. */
class ScriptTest {

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(ScriptTest.class.getResource("/promql")).toURI());
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(f -> f.toString().endsWith(".test")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream().flatMap(file -> Stream.of(Resolution.MILLIS, Resolution.NANOS)
                .map(resolution -> DynamicTest.dynamicTest(
                        file.getFileName() + " " + resolution.unit(), () -> run(file, resolution))));
    }

    private static void run(Path file, Resolution resolution) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int pageFactor : new int[] {1, 1000}) {
            int checks = new Script(file.getFileName().toString(), lines, resolution, pageFactor).run();
            assertThat(checks).isPositive();
        }
    }
}
