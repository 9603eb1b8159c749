package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Hex examples of the documents in docs/format: lines of offset, up to 16 bytes, two blanks, and words. */
public final class DocumentedBytes {

    private static final String LINE = "[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?";

    private DocumentedBytes() {}

    /**
     * The examples of a document, in its order.
     *
     * @param name of the file in docs/format
     */
    public static List<byte[]> of(String name) throws IOException {
        List<StringBuilder> examples = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/format", name))) {
            if (line.matches(LINE)) {
                int offset = Integer.parseInt(line.substring(0, 4), 16);
                if (offset == 0) {
                    examples.add(new StringBuilder());
                }
                StringBuilder hex = examples.get(examples.size() - 1);
                assertThat(offset).as(line).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        return examples.stream().map(hex -> HexFormat.of().parseHex(hex)).toList();
    }

    /** Bytes as a document shows them, so that a difference can be read, and copied. */
    public static String dump(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 16) {
            text.append(String.format("%04x  ", at));
            text.append(HexFormat.ofDelimiter(" ").formatHex(bytes, at, Math.min(bytes.length, at + 16)));
            text.append('\n');
        }
        return text.toString();
    }
}
