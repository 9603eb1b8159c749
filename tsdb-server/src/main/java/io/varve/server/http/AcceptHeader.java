package io.varve.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client accepts, as RFC 9110 (12.5.1) says: media ranges with their qualities, of which the most specific that
 * fits counts. What cannot be read of it is passed over. Immutable.
 */
public final class AcceptHeader {

    /** No header is longer than this many ranges; the rest is passed over. */
    private static final int MOST_RANGES = 64;

    private final List<Range> ranges;

    /** One media range: {@code type/subtype}, either of them perhaps a star, with its parameters. */
    private record Range(String type, String subtype, Map<String, String> parameters, double quality) {

        /** How closely it describes an offer; below zero if it does not at all. */
        int fit(Offer offer) {
            if (type.equals("*")) {
                return 0;
            }
            if (!type.equals(offer.type)) {
                return -1;
            }
            if (subtype.equals("*")) {
                return 1;
            }
            if (!subtype.equals(offer.subtype)) {
                return -1;
            }
            int fit = 2;
            for (Map.Entry<String, String> distinct : offer.parameters.entrySet()) {
                String wanted = parameters.get(distinct.getKey());
                if (wanted != null && !wanted.equalsIgnoreCase(distinct.getValue())) {
                    return -1;
                }
                fit += wanted == null ? 0 : 1;
            }
            return fit;
        }
    }

    /**
     * A form that can be had.
     *
     * @param parameters what tells it from others of its type; a range that names another value does not mean it
     */
    public record Offer(String type, String subtype, Map<String, String> parameters) {

        /** A copy is taken of the parameters. */
        public Offer {
            parameters = Map.copyOf(parameters);
        }
    }

    private AcceptHeader(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** Reads a header; without one, everything is accepted alike. */
    public static AcceptHeader of(@Nullable String header) {
        List<Range> ranges = new ArrayList<>();
        for (String element : split(header == null ? "" : header, ',')) {
            Range range = range(element);
            if (range != null && ranges.size() < MOST_RANGES) {
                ranges.add(range);
            }
        }
        return new AcceptHeader(ranges);
    }

    private static @Nullable Range range(String element) {
        List<String> parts = split(element, ';');
        String media = parts.get(0).strip().toLowerCase(Locale.ROOT);
        int slash = media.indexOf('/');
        if (slash <= 0 || slash == media.length() - 1) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(part.substring(equals + 1).strip()));
            }
        }
        String quality = parameters.getOrDefault("q", "1");
        return new Range(media.substring(0, slash), media.substring(slash + 1), parameters, quality(quality));
    }

    /** From 0 to 1 with at most three places; anything else counts as 0, for it was not meant to be chosen first. */
    private static double quality(String text) {
        boolean right = text.matches("(0(\\.[0-9]{0,3})?)|(1(\\.0{0,3})?)");
        return right ? Double.parseDouble(text) : 0;
    }

    /** Parts between separators that do not stand in quotes; at least one. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }

    /**
     * Which offer the client likes best: by quality, then by what it named first, then by what is offered first.
     *
     * @param offers at least one
     * @return index of the offer; 0 if it accepts none, since an answer of another form is better than none
     */
    public int best(List<Offer> offers) {
        int best = 0;
        double bestQuality = 0;
        int bestPlace = Integer.MAX_VALUE;
        for (int i = 0; i < offers.size(); i++) {
            int place = closest(offers.get(i));
            double quality = place < 0 ? 0 : ranges.get(place).quality;
            if (quality > bestQuality || quality == bestQuality && quality > 0 && place < bestPlace) {
                best = i;
                bestQuality = quality;
                bestPlace = place;
            }
        }
        return best;
    }

    /** Index of the range that describes an offer most closely, or -1. */
    private int closest(Offer offer) {
        int closest = -1;
        int closestFit = -1;
        for (int i = 0; i < ranges.size(); i++) {
            int fit = ranges.get(i).fit(offer);
            if (fit > closestFit) {
                closest = i;
                closestFit = fit;
            }
        }
        return closest;
    }
}
