package io.varve.core.telemetry.clock.system;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Named texts of a command's output, read with suspicion: of an output only the first {@value #LONGEST} characters are
 * looked at, a name counts where it is met first, and a number that is none, or is beyond thirty years, is not there.
 */
final class Fields {

    /** Characters of an output that are looked at. */
    static final int LONGEST = 65_536;

    private static final int LONGEST_TEXT = 256;
    private static final double MOST_SECONDS = 1e9;
    private static final double SECOND = 1e9;
    /** Digits as the C locale prints them, or with the comma of others. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,20}(?:[.,][0-9]{0,30})?");

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private final Map<String, String> texts = new HashMap<>();

    /**
     * Lines of a name and a text behind it, which the separator's first match parts; blanks around both are left
     * out.
     */
    static Fields lines(String output, Pattern separator) {
        Fields fields = new Fields();
        for (String line : bounded(output).split("\n", -1)) {
            Matcher parts = separator.matcher(line.strip());
            if (parts.find()) {
                fields.put(
                        line.strip().substring(0, parts.start()), line.strip().substring(parts.end()));
            }
        }
        return fields;
    }

    static String bounded(String output) {
        return output.length() > LONGEST ? output.substring(0, LONGEST) : output;
    }

    void put(String name, String text) {
        texts.putIfAbsent(name.strip(), text.strip());
    }

    boolean has(String name) {
        return texts.containsKey(name);
    }

    /** A text; empty when it is not there, cut when it is too long, control characters taken out. */
    String text(String name) {
        String text = texts.getOrDefault(name, "").replaceAll("\\p{Cntrl}", "");
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }

    OptionalInt whole(String name) {
        String text = text(name);
        return WHOLE.matcher(text).matches() ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /** A number of some unit as nanoseconds; what stands behind a blank is not looked at. */
    OptionalLong nanos(String name, double unitSeconds) {
        return nanosOf(text(name).split(" ", 2)[0], unitSeconds);
    }

    static OptionalLong nanosOf(String number, double unitSeconds) {
        if (!NUMBER.matcher(number).matches()) {
            return OptionalLong.empty();
        }
        double seconds = Double.parseDouble(number.replace(',', '.')) * unitSeconds;
        return Math.abs(seconds) <= MOST_SECONDS ? OptionalLong.of(Math.round(seconds * SECOND)) : OptionalLong.empty();
    }

    /** Half of the delay plus the dispersion; empty when one is not there or below 0. */
    static OptionalLong distance(OptionalLong delay, OptionalLong dispersion) {
        if (delay.isEmpty() || dispersion.isEmpty() || delay.getAsLong() < 0 || dispersion.getAsLong() < 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((delay.getAsLong() + 1) / 2 + dispersion.getAsLong());
    }

    static OptionalLong negated(OptionalLong value) {
        return value.isPresent() ? OptionalLong.of(-value.getAsLong()) : value;
    }
}
