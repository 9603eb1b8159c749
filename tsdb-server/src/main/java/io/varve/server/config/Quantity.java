package io.varve.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
public final class Quantity {

    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,18})(?:\\.([0-9]{1,3}))?\\s*([kmgtKMGT]?)(?:i?[bB])?");
    private static final Pattern DURATION = Pattern.compile("(?:([0-9]{1,18})y)?(?:([0-9]{1,18})w)?"
            + "(?:([0-9]{1,18})d)?(?:([0-9]{1,18})h)?(?:([0-9]{1,18})m)?(?:([0-9]{1,18})s)?(?:([0-9]{1,18})ms)?");
    private static final long[] UNIT_MILLIS = {
        31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
    };

    private Quantity() {}

    /**
     * Bytes from a size such as {@code 512}, {@code 64k}, {@code 1.5g} or {@code 4GiB}; a k is 1,024.
     *
     * @throws IllegalArgumentException if it is none, or beyond 2^62
     */
    public static long bytes(String text) {
        Matcher m = SIZE.matcher(text.trim());
        if (!m.matches()) {
            throw new IllegalArgumentException("not a size (such as 64m or 1g): " + text);
        }
        int shift = 10 * (1 + "kmgt".indexOf(m.group(3).toLowerCase(Locale.ROOT)));
        if (m.group(3).isEmpty()) {
            shift = 0;
        }
        BigDecimal number = new BigDecimal(m.group(2) == null ? m.group(1) : m.group(1) + "." + m.group(2));
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(1L << shift));
        if (bytes.compareTo(BigDecimal.valueOf(1L << 62)) > 0) {
            throw new IllegalArgumentException("size is too large: " + text);
        }
        return bytes.longValue();
    }

    /**
     * A duration such as {@code 15s}, {@code 1h30m}, {@code 30d} or {@code 0}: units y w d h m s ms, longest first,
     * each once; a year has 365 days.
     *
     * @throws IllegalArgumentException if it is none, or beyond 292 years
     */
    public static Duration duration(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        Matcher m = DURATION.matcher(trimmed);
        if (trimmed.isEmpty() || !m.matches()) {
            throw new IllegalArgumentException("not a duration (such as 15s, 1h30m or 30d): " + text);
        }
        try {
            long millis = 0;
            for (int i = 0; i < UNIT_MILLIS.length; i++) {
                if (m.group(i + 1) != null) {
                    long part = Math.multiplyExact(Long.parseLong(m.group(i + 1)), UNIT_MILLIS[i]);
                    millis = Math.addExact(millis, part);
                }
            }
            Math.multiplyExact(millis, 1_000_000L);
            return Duration.ofMillis(millis);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("duration is too long: " + text, e);
        }
    }

    /** A size for people: {@code 712 B}, {@code 4.2 MiB}. */
    public static String describeBytes(long bytes) {
        if (bytes < 1_024) {
            return bytes + " B";
        }
        String units = "KMGTPE";
        int unit = 0;
        double value = bytes / 1_024.0;
        while (value >= 1_023.95 && unit < units.length() - 1) {
            value /= 1_024;
            unit++;
        }
        String number = String.format(Locale.ROOT, "%.1f", value);
        return (number.endsWith(".0") ? number.substring(0, number.length() - 2) : number) + " " + units.charAt(unit)
                + "iB";
    }

    /** A duration as {@link #duration} reads it. */
    public static String describe(Duration duration) {
        long rest = duration.toMillis();
        if (rest == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        String[] names = {"y", "w", "d", "h", "m", "s", "ms"};
        for (int i = 0; i < names.length; i++) {
            boolean calendar = i < 2; // whole years and weeks only, as 30d reads better than 4w2d
            if (rest >= UNIT_MILLIS[i] && (!calendar || rest % UNIT_MILLIS[i] == 0)) {
                text.append(rest / UNIT_MILLIS[i]).append(names[i]);
                rest %= UNIT_MILLIS[i];
            }
        }
        return text.toString();
    }
}
