package io.varve.server.scrape.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.config.ScrapeConfig.FileDiscovery;
import io.varve.server.config.ScrapeConfig.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of targets, good and bad. */
class FileTargetsTest {

    @TempDir
    private Path directory;

    private final List<String> problems = new ArrayList<>();

    private FileTargets files(String... patterns) {
        return new FileTargets(new FileDiscovery(List.of(patterns), directory, Duration.ofMinutes(5)), problems::add);
    }

    private static List<String> targets(FileTargets files) {
        return files.groups().stream().map(Group::targets).flatMap(List::stream).toList();
    }

    @Test
    void jsonAndYamlOfAllThatFit() throws IOException {
        Files.writeString(directory.resolve("a1.json"), "[{\"targets\": [\"x:1\"], \"labels\": {\"k\": \"v\"}}]");
        Files.writeString(directory.resolve("a2.json"), "[]");
        Files.writeString(directory.resolve("b.yml"), "- targets: ['y:1', 'y:2']\n- labels: {only: labels}\n");
        Files.writeString(directory.resolve("c.json"), "[{\"targets\": [\"z:1\"]}]");
        FileTargets files = files("a*.json", "b.yml", "none/*.yml", "gone.yaml");
        assertThat(files.look(true)).isTrue();
        assertThat(files.look(false)).isFalse();
        assertThat(files.look(true)).isFalse();
        assertThat(targets(files)).containsExactly("x:1", "y:1", "y:2");
        assertThat(files.groups().get(0).labels())
                .containsEntry("k", "v")
                .containsEntry("__meta_filepath", directory.resolve("a1.json").toString());
        assertThat(problems).isEmpty();
    }

    @Test
    void aBrokenFileKeepsItsTargetsAndIsToldOnce() throws IOException {
        Path file = Files.writeString(directory.resolve("a.yml"), "[{targets: ['x:1']}]");
        FileTargets files = files("a.yml");
        files.look(true);
        String[] broken = {
            "[{targets: ['x:1'}]",
            "[{targets: 'x:1'}]",
            "{targets: ['x:1']}",
            "[{targets: [{a: b}]}]",
            "[{targets: ['x:1'], label: {a: b}}]",
            "[{targets: ['x:1'], labels: {a: [b]}}]",
            "[{targets: [], targets: []}]",
            "&a [*a]",
            "x".repeat(FileTargets.LARGEST + 1),
        };
        for (String text : broken) {
            problems.clear();
            Files.writeString(file, text);
            files.look(true);
            files.look(true);
            assertThat(problems)
                    .as(text.substring(0, Math.min(40, text.length())))
                    .hasSize(1);
            assertThat(problems.get(0)).startsWith(file.toString());
            assertThat(targets(files)).containsExactly("x:1");
        }
        problems.clear();
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0x00, (byte) 0xd8});
        files.look(true);
        assertThat(problems).hasSize(1);
        Files.writeString(file, "[{targets: ['z:1']}]");
        assertThat(files.look(true)).isTrue();
        assertThat(targets(files)).containsExactly("z:1");
        Files.delete(file);
        assertThat(files.look(false)).isTrue();
        assertThat(targets(files)).isEmpty();
    }

    @Test
    void aFileThatIsNotReadableAtFirstHasNoTargets() throws IOException {
        Files.createDirectory(directory.resolve("d.yml"));
        FileTargets files = files("d.yml");
        files.look(true);
        assertThat(targets(files)).isEmpty();
        assertThat(problems).hasSize(1);
    }
}
