package io.varve.server.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the tables of words and numbers that the kernel prints. */
final class ProcText {

    private ProcText() {}

    /** The lines that are not blank; none of an absent text. */
    static List<String> lines(@Nullable String text) {
        return text == null
                ? List.of()
                : text.lines().filter(line -> !line.isBlank()).toList();
    }

    /** The words of a line. */
    static String[] words(String line) {
        return line.strip().split("\\s+", -1);
    }

    /** A number, or NaN for a text that is none. */
    static double number(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
