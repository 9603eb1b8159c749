package io.varve.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the program logs for an operator stands in docs/operations.md, with what to do. */
class MessagesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LOGGED = Pattern.compile("LOG\\.(?:info|warn|error)\\(\\s*\"([^\"]+)\"");

    /** The text of a message up to what changes in it. */
    private static final Pattern FIXED = Pattern.compile("[^{:]*");

    private static List<String> logged(Path source) throws IOException {
        List<String> messages = new ArrayList<>();
        Matcher calls = LOGGED.matcher(Files.readString(source));
        while (calls.find()) {
            Matcher fixed = FIXED.matcher(calls.group(1));
            assertThat(fixed.lookingAt()).isTrue();
            if (!fixed.group().isBlank()) {
                messages.add(fixed.group().strip());
            }
        }
        return messages;
    }

    @Test
    void every_message_of_the_log_stands_in_the_operators_table() throws IOException {
        List<String> messages = new ArrayList<>();
        for (String module : List.of("tsdb-core", "tsdb-query", "tsdb-server")) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    messages.addAll(logged(source));
                }
            }
        }
        assertThat(messages).hasSizeGreaterThan(20);
        String operations = Files.readString(ROOT.resolve("docs/operations.md"));
        assertThat(messages).allSatisfy(message -> assertThat(operations).contains(message));
    }
}
