package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.query.lang.Dialect;
import io.varve.server.config.ConfigException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names of rule files that lead nowhere, in circles, or to what never ends. */
@Timeout(60)
class RuleFilesTest {

    @TempDir
    private Path directory;

    private final List<String> unmatched = new ArrayList<>();

    private List<String> read(String... names) {
        return RuleFiles.read(List.of(names), directory, RuleBench.DEFAULTS, Dialect.STABLE, unmatched::add).stream()
                .map(RuleGroup::name)
                .toList();
    }

    private void file(String name, String group) throws IOException {
        Files.writeString(directory.resolve(name), "groups: [{name: " + group + "}]");
    }

    private void refused(String message, String... names) {
        assertThatThrownBy(() -> read(names))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void filesAreReadInOrderAndEachOnce() throws IOException {
        file("b.yml", "b");
        file("a.yml", "a");
        Files.createDirectory(directory.resolve("directory.yml"));
        assertThat(read("*.yml", "b.yml", "a.*", "none*")).containsExactly("a", "b");
        assertThat(unmatched).containsExactly("none*");
    }

    @Test
    void aNameThatFindsTheConfigurationItselfIsRefusedByItsKeys() throws IOException {
        file("a.yml", "a");
        Files.writeString(directory.resolve("varve.yml"), "rule_files: ['*.yml']");
        refused("varve.yml: line 1: rule_files: unknown key", "*.yml");
    }

    @Test
    void linksThatLeadInCirclesOrNowhere() throws IOException {
        file("a.yml", "a");
        Files.createSymbolicLink(directory.resolve("loop.yml"), directory.resolve("loop.yml"));
        Files.createSymbolicLink(directory.resolve("gone.yml"), directory.resolve("nothing"));
        Files.createSymbolicLink(directory.resolve("self"), directory);
        assertThat(read("*.yml")).containsExactly("a"); // links to no file fit no name
        assertThat(read("self/self/self/*.yml")).containsExactly("a");
        refused("cannot read", "loop.yml");
        refused("gone.yml: no such file", "gone.yml");
    }

    @Test
    void whatNeverEndsIsNotRead() throws IOException, InterruptedException {
        refused("cannot read /dev/zero: not a file", "/dev/zero");
        refused(": not a file", ".");
        Path pipe = directory.resolve("pipe.yml");
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0) {
            refused("pipe.yml: not a file", "pipe.yml");
            assertThat(read("*.yml")).isEmpty();
        }
        try (RandomAccessFile huge =
                new RandomAccessFile(directory.resolve("huge.yml").toFile(), "rw")) {
            huge.setLength(1L << 40); // without blocks on the disk
        }
        refused("huge.yml: larger than 4194304 bytes", "huge.yml");
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Files.write(directory.resolve("bytes.yml"), new byte[] {(byte) 0xc3, 0x28});
        refused("bytes.yml: not UTF-8 text", "bytes.yml");
        refused("not a file name", "a\0b");
        refused("only the last part of a name may have", "*/a.yml");
    }

    @Test
    void tooManyFilesAreRefused() throws IOException {
        for (int i = 0; i < 1_001; i++) {
            Files.createFile(directory.resolve("f" + i + ".yml"));
        }
        refused("more than 1000 files", "*.yml");
    }
}
