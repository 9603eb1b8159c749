package io.varve.benchmarks.codec.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFileTest {

    @TempDir
    private Path folder;

    @Test
    void times_and_values_are_read_past_a_header() throws IOException {
        SeriesFile series = read("timestamp,value\n1000,1.5\n\n2000,-0.0\r\n3000,1e300\n");
        assertThat(series.name()).isEqualTo("a.b");
        assertThat(series.times()).containsExactly(1_000, 2_000, 3_000);
        assertThat(series.values()).containsExactly(1.5, -0.0, 1e300);
        assertThat(series.skipped()).isEqualTo(1);
    }

    @Test
    void a_single_column_is_the_value() throws IOException {
        SeriesFile series = read("7\nvalue\n  \n8.25\nnone");
        assertThat(series.values()).containsExactly(7, 8.25);
        assertThat(series.times()).isEmpty();
        assertThat(series.skipped()).isEqualTo(2);
    }

    @Test
    void times_that_are_no_whole_numbers_are_none() throws IOException {
        SeriesFile series = read("1000,1\n2014-02-14 14:30:00,2\n3000,3\n");
        assertThat(series.values()).containsExactly(1, 2, 3);
        assertThat(series.times()).isEmpty();
    }

    @Test
    void a_packed_file_is_unpacked() throws IOException {
        Path file = folder.resolve("packed.csv.gz");
        StringBuilder text = new StringBuilder("value\n");
        for (int i = 0; i < 5_000; i++) {
            text.append(i / 8.0).append('\n');
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        SeriesFile series = SeriesFile.read(file);
        assertThat(series.name()).isEqualTo("packed");
        assertThat(series.values()).hasSize(5_000).contains(4_999 / 8.0);
    }

    @Test
    void files_are_listed_by_name_and_others_are_not() throws IOException {
        for (String name : new String[] {"b.csv", "c.csv.gz", "a.csv.gz", "README.md", "x.json", "y.csv.zip"}) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(SeriesFile.list(folder)).extracting(SeriesFile::name).containsExactly("a", "b", "c");
    }

    private SeriesFile read(String text) throws IOException {
        return SeriesFile.read(Files.writeString(folder.resolve("a.b.csv"), text));
    }
}
