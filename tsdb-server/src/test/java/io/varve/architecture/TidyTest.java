package io.varve.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every source of every module keeps the house rules, and the scanner that says so can tell when one does not. */
class TidyTest {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    @Test
    void every_main_source_is_tidy() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources("src/main/java")) {
            found.addAll(TidyScanner.main(relative(source), Files.readString(source)));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void every_test_is_one_that_the_build_runs() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path source : sources("src/test/java")) {
            found.addAll(TidyScanner.test(relative(source), Files.readString(source)));
            if (source.toString().endsWith("IT.java") && !relative(source).startsWith("tsdb-server/")) {
                found.add(relative(source) + ": IT stands in tsdb-server, the only module that runs it");
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void every_main_package_says_what_it_is_for() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Path source : sources("src/main/java")) {
            if (!Files.exists(source.resolveSibling("package-info.java"))) {
                missing.add(relative(source.resolveSibling(".")));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void all_modules_are_read() throws IOException {
        assertThat(modules()).contains("tsdb-codec", "tsdb-core", "tsdb-query", "tsdb-server", "benchmarks");
        Set<String> seen = new TreeSet<>();
        for (Path source : sources("src/main/java")) {
            seen.add(relative(source).replaceFirst("/.*", ""));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(modules());
    }

    @Test
    void the_scanner_notices_what_a_source_breaks() {
        String body = "        int x = 1;\n".repeat(TidyScanner.METHOD_LINES);
        String longMethod = "package a.b;\nclass C {\n    void m() {\n" + body + "    }\n}\n";
        assertThat(TidyScanner.main("a/C.java", longMethod))
                .singleElement()
                .asString()
                .contains("method=m");
        String fitting = longMethod.replaceFirst(" {8}int x = 1;\n {8}int x = 1;\n", "");
        assertThat(TidyScanner.main("a/C.java", fitting)).isEmpty();

        String longFile = "package a.b;\n" + "// x\n".repeat(TidyScanner.FILE_LINES - 1);
        assertThat(TidyScanner.main("a/C.java", longFile)).isEmpty();
        assertThat(TidyScanner.main("a/C.java", longFile + "// x\n"))
                .singleElement()
                .asString()
                .contains("lines=451");

        String line = "// " + "x".repeat(TidyScanner.LINE_CHARS - 3);
        assertThat(TidyScanner.main("a/C.java", line + "\n")).isEmpty();
        assertThat(TidyScanner.main("a/C.java", line + "x\n"))
                .singleElement()
                .asString()
                .startsWith("a/C.java:1:");

        for (String mark : List.of("TO" + "DO", "FIX" + "ME", "XX" + "X")) {
            assertThat(TidyScanner.main("a/C.java", "// " + mark + " later\n"))
                    .singleElement()
                    .asString()
                    .endsWith("mark=" + mark);
        }
        assertThat(TidyScanner.main("a/C.java", "package io.util.x;\n"))
                .singleElement()
                .asString()
                .endsWith("=util");
    }

    @Test
    void the_scanner_notices_a_test_that_would_not_run() {
        String test = "class Checks {\n    @Test\n    void t() {}\n}\n";
        assertThat(TidyScanner.test("a/Checks.java", test)).hasSize(1);
        assertThat(TidyScanner.test("a/ChecksTest.java", test)).isEmpty();
        assertThat(TidyScanner.test("a/ChecksContract.java", test)).hasSize(1);
        assertThat(TidyScanner.test("a/ChecksContract.java", "abstract class ChecksContract {\n    @Test\n}\n"))
                .isEmpty();
        assertThat(TidyScanner.test("a/CTest.java", "    @Dis" + "abled\n")).hasSize(1);
    }

    private static List<Path> sources(String folder) throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : modules()) {
            Path start = root().resolve(module).resolve(folder);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .sorted()
                            .forEach(all::add);
                }
            }
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    private static List<String> modules() throws IOException {
        return MODULE.matcher(Files.readString(root().resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String relative(Path source) {
        return root().relativize(source.normalize()).toString();
    }

    /** The folder of the parent pom: the one above this module's. */
    private static Path root() {
        String basedir = System.getProperty("basedir", System.getProperty("user.dir"));
        Path module = Path.of(basedir).toAbsolutePath().normalize();
        return module.resolve("..").normalize();
    }
}
