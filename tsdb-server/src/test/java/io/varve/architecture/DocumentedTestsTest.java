package io.varve.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that docs/testing.md names is there, as a class and as its method; each row of its tables names one. */
class DocumentedTestsTest {

    /** A class of tests in backticks, a method of it, or one of the same class behind a comma; … and * stand for any. */
    private static final Pattern NAMED =
            Pattern.compile("`([A-Z*][\\w*]*(?:Test|Properties|IT|Stress))(?:\\.([\\w…*]+))?`");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> tests = tests();
        List<String> missing = new ArrayList<>();
        for (String line : Files.readAllLines(root().resolve("docs/testing.md"))) {
            missing.addAll(missing(line, tests));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void whatIsNotThereIsNoticed() throws IOException {
        Map<String, String> tests = tests();
        String self = "DocumentedTestsTest";
        assertThat(missing("| a | `" + self + ".everyTestThatIsNamedIsThere`, `whatIs…` |", tests))
                .isEmpty();
        assertThat(missing("| a | `" + self + ".noSuchMethod` |", tests)).hasSize(1);
        assertThat(missing("| a | `" + self + "`, `noSuchMethod` |", tests)).hasSize(1);
        assertThat(missing("| a | `NoSuchTest` |", tests)).hasSize(1);
        assertThat(missing("| a | by hand |", tests)).hasSize(1);
    }

    /** What a line of a table names and nobody finds; a line that names no test, too. */
    private static List<String> missing(String line, Map<String, String> tests) {
        List<String> missing = new ArrayList<>();
        if (!line.startsWith("| ") || line.matches("\\| [\\w ]+ \\| (?:tests?|simulated)[ ,\\w|]*.*")) {
            return missing;
        }
        String last = "";
        int named = 0;
        Matcher code = CODE.matcher(line.substring(line.indexOf('|', 2)));
        while (code.find()) {
            Matcher test = NAMED.matcher(code.group());
            if (test.matches()) {
                named++;
                String name = test.group(1);
                last = find(name, tests);
                if (last.isEmpty()) {
                    missing.add("no class " + name + ": " + line);
                } else if (test.group(2) != null && !hasMethod(last, test.group(2))) {
                    missing.add("no method " + name + "." + test.group(2) + ": " + line);
                }
            } else if (code.group(1).matches("[a-z][\\w…*]*[A-Z…][\\w…*]*") && !hasMethod(last, code.group(1))) {
                missing.add("no method " + code.group(1) + ": " + line);
            }
        }
        if (named == 0) {
            missing.add("no test: " + line);
        }
        return missing;
    }

    /** The sources of the tests with a name, of several if it has a star; empty if there is none. */
    private static String find(String name, Map<String, String> tests) {
        Pattern pattern = Pattern.compile(name.replace("*", "\\w*"));
        StringBuilder sources = new StringBuilder();
        tests.forEach((test, source) -> {
            if (pattern.matcher(test).matches()) {
                sources.append(source);
            }
        });
        return sources.toString();
    }

    private static boolean hasMethod(String source, String name) {
        String pattern = name.replace("…", "\\w*").replace("*", "\\w*");
        return Pattern.compile("(void " + pattern + "\\(|class " + pattern + "\\b)")
                .matcher(source)
                .find();
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        try (Stream<Path> modules = Files.list(root())) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                                .toList()) {
                            String name = file.getFileName().toString().replace(".java", "");
                            tests.merge(name, Files.readString(file), String::concat);
                        }
                    }
                }
            }
        }
        return tests;
    }

    /** The folder of the parent pom: the one above this module's. */
    private static Path root() {
        String basedir = System.getProperty("basedir", System.getProperty("user.dir"));
        return Path.of(basedir).toAbsolutePath().normalize().resolve("..").normalize();
    }
}
