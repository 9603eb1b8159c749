package io.varve.benchmarks.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the stress tests ({@code XStress}) of the classes that several threads touch, in a process of its own: shortly
 * by default, so that none of them rots; {@code benchmarks/stress} runs them for long, with every mode of the compiler.
 */
class StressTest {

    /** What the tests of the ring need; given, they take the place of all combinations of flags of the compiler. */
    private static final String FLAGS = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** One short run of each test, compiled as the JVM likes. */
    private static final List<String> SHORT =
            List.of("-m", "sanity", "-f", "1", "-iters", "1", "-time", "100", "-sc", "false", "-jvmArgs", FLAGS);

    private static final Pattern ALL_PASSED =
            Pattern.compile("Results: (\\d{2,}) planned; \\1 passed, 0 failed, 0 soft errs, 0 hard errs");

    /** States at a time, since some hold memory outside the heap; enough of them to collide. */
    private static final List<String> STRIDES = List.of("-strideSize", "64", "-strideCount", "8");

    @TempDir
    private Path directory;

    private record Ended(int code, String output) {}

    private Ended run(String tests, List<String> mode) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main"));
        command.addAll(List.of("-t", tests, "-r", directory.resolve("report").toString()));
        command.addAll(mode);
        command.addAll(STRIDES);
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = process.waitFor();
        return new Ended(code, Files.readString(output, StandardCharsets.UTF_8));
    }

    @Test
    void noOutcomeIsForbidden() throws IOException, InterruptedException {
        String mode = System.getProperty("varve.stress.args", "");
        String tests = System.getProperty("varve.stress.tests", "io\\.varve\\.core\\..*");
        List<String> options = new ArrayList<>(List.of("-jvmArgsPrepend", FLAGS));
        options.addAll(List.of(mode.split(" ")));
        Ended ended = run(tests, mode.isEmpty() ? SHORT : options);
        if (!mode.isEmpty()) {
            System.out.println(ended.output());
        }
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern(ALL_PASSED).doesNotContain("No matching tests");
    }

    @Test
    void aForbiddenOutcomeFails() throws IOException, InterruptedException {
        Ended ended = run("io\\.varve\\.benchmarks\\.stress\\.LosingCounter.*", SHORT);
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output()).contains("TEST FAILURES", "LosingCounter");
    }
}
