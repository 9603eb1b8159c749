package io.varve.server.write;

import io.varve.core.model.Labels;
import io.varve.server.health.RequestPeaks.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The rules that the labels of every series must keep, whichever door it comes by. They are checked once a series, on
 * first sight. Immutable; safe for any thread.
 */
public final class LabelRules {

    private static final int SHOWN = 64;

    private final WriteLimits limits;

    /** Rules with these limits on count and lengths. */
    public LabelRules(WriteLimits limits) {
        this.limits = limits;
    }

    /**
     * The name of a label.
     *
     * @throws LabelRuleException if it is empty, too long or not UTF-8
     */
    public String name(byte[] bytes, int from, int to) {
        if (from == to) {
            throw new LabelRuleException(Refusal.EMPTY_LABEL_NAME, "at byte " + from);
        }
        limits.peaks().record(Kind.LABEL_NAME_BYTES, to - from);
        return text("name", bytes, from, to, limits.nameBytes());
    }

    /**
     * The value of a label; an empty one is the same as no label.
     *
     * @throws LabelRuleException if it is too long or not UTF-8
     */
    public String value(byte[] bytes, int from, int to) {
        limits.peaks().record(Kind.LABEL_VALUE_BYTES, to - from);
        return text("value", bytes, from, to, limits.valueBytes());
    }

    private static String text(String what, byte[] bytes, int from, int to, int limit) {
        if (to - from > limit) {
            throw new LabelRuleException(
                    Refusal.LABEL_TOO_LONG,
                    what + " of " + (to - from) + " bytes, limit=" + limit + ", begins "
                            + new String(bytes, from, Math.min(SHOWN, to - from), StandardCharsets.UTF_8));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new LabelRuleException(
                    Refusal.NOT_UTF8, what + " " + shown(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        }
    }

    /**
     * Refuses a label more than allowed.
     *
     * @param count labels so far, this one included
     * @throws LabelRuleException if there are too many
     */
    public void count(int count) {
        limits.peaks().record(Kind.LABELS_PER_SERIES, count);
        if (count > limits.labels()) {
            throw new LabelRuleException(Refusal.TOO_MANY_LABELS, "limit=" + limits.labels());
        }
    }

    /**
     * Labels of a series, from pairs in the order of their names.
     *
     * @param pairs name, value, name, value, … sorted by name
     * @throws LabelRuleException if a name comes twice, or the metric's name is missing
     */
    public Labels labels(List<String> pairs) {
        boolean named = false;
        for (int i = 0; i < pairs.size(); i += 2) {
            String name = pairs.get(i);
            if (i > 0) {
                order(pairs.get(i - 2), name);
            }
            named |= name.equals(Labels.NAME) && !pairs.get(i + 1).isEmpty();
        }
        if (!named) {
            throw new LabelRuleException(Refusal.NO_METRIC_NAME, "labels " + shown(pairs.toString()));
        }
        return Labels.of(pairs.toArray(new String[0]));
    }

    private static void order(String before, String name) {
        int order = Labels.compareCodePoints(before, name);
        if (order == 0) {
            throw new LabelRuleException(Refusal.DUPLICATE_LABEL, shown(name));
        }
        if (order > 0) {
            throw new LabelRuleException(Refusal.LABELS_OUT_OF_ORDER, shown(name) + " after " + shown(before));
        }
    }

    /** A text of a client's, cut so that it fits into a message. */
    public static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
