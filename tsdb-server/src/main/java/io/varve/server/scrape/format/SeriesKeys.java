package io.varve.server.scrape.format;

import io.varve.core.model.Labels;
import io.varve.server.write.LabelRuleException;
import io.varve.server.write.LabelRules;
import io.varve.server.write.Refusal;
import io.varve.server.write.remote.ProtoCursor;
import io.varve.server.write.text.LineSyntaxException;
import io.varve.server.write.text.NumberText;
import io.varve.server.write.text.SeriesText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes labels of keys, on first sight of a series. Bounds of buckets and quantiles are written in one form, however a
 * target writes them ({@code le="1"} is {@code le="1.0"}), so that formats agree. One thread at a time.
 */
public final class SeriesKeys {

    private static final int NAME_OF_LABEL = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int VALUE_OF_LABEL = 2 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final String LE = "le";
    private static final String QUANTILE = "quantile";

    private final LabelRules rules;
    private final SeriesText text;
    private final ProtoCursor fields = new ProtoCursor();
    private final ProtoCursor pair = new ProtoCursor();

    /** A reader of series that keep rules. */
    public SeriesKeys(LabelRules rules) {
        this.rules = rules;
        this.text = new SeriesText(rules);
    }

    /**
     * The labels of a key, as its target told them.
     *
     * @throws LabelRuleException if they break a rule
     */
    public Labels labels(byte[] bytes, int offset, int length) {
        if (bytes[offset] == ProtoKey.MARK) {
            return ofMessage(bytes, offset, length);
        }
        Labels labels = text.decode(bytes, offset, length);
        if (labels.has(LE) && labels.get(Labels.NAME).endsWith("_bucket")) {
            return canonical(labels, LE);
        }
        return labels.has(QUANTILE) ? canonical(labels, QUANTILE) : labels;
    }

    /** What a target says about a metric, by the key of its metadata; null if it is none. */
    public static @Nullable SaidOfMetric said(byte[] bytes, int offset, int length) {
        if (bytes[offset] != ProtoKey.MARK) {
            try {
                return TextMetadata.said(bytes, offset, offset + length);
            } catch (LineSyntaxException e) {
                return null;
            }
        }
        int type = bytes[offset + 1] - ProtoKey.FIRST_TYPE;
        if (type < 0 || type >= PrometheusProtobuf.TYPES.length) {
            return null;
        }
        int name = offset + ProtoKey.NAME;
        int help = name + nameLength(bytes, offset);
        int unit = help + (int) ProtoKey.bound(bytes, offset);
        return new SaidOfMetric(
                text(bytes, name, help),
                PrometheusProtobuf.TYPES[type],
                text(bytes, help, unit),
                text(bytes, unit, offset + length));
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static int nameLength(byte[] bytes, int offset) {
        int at = offset + ProtoKey.NAME_LENGTH;
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private static Labels canonical(Labels labels, String name) {
        byte[] value = labels.get(name).getBytes(StandardCharsets.UTF_8);
        try {
            return labels.with(name, FloatText.of(NumberText.value(value, 0, value.length)));
        } catch (LineSyntaxException e) {
            return labels; // no number: a label like any other
        }
    }

    private Labels ofMessage(byte[] bytes, int offset, int length) {
        int nameLength = nameLength(bytes, offset);
        int at = offset + ProtoKey.NAME;
        String name = rules.value(bytes, at, at + nameLength);
        double bound = ProtoKey.bound(bytes, offset);
        List<String> pairs = new ArrayList<>();
        switch (bytes[offset + 1]) {
            case ProtoKey.COUNT -> add(pairs, Labels.NAME, name + "_count");
            case ProtoKey.SUM -> add(pairs, Labels.NAME, name + "_sum");
            case ProtoKey.BUCKET -> {
                add(pairs, Labels.NAME, name + "_bucket");
                add(pairs, LE, FloatText.of(bound));
            }
            case ProtoKey.QUANTILE -> {
                add(pairs, Labels.NAME, name);
                add(pairs, QUANTILE, FloatText.of(bound));
            }
            default -> add(pairs, Labels.NAME, name);
        }
        fields.reset(bytes, at + nameLength, offset + length);
        while (!fields.atEnd()) {
            fields.tag();
            int end = fields.length() + fields.position();
            label(bytes, fields.position(), end, pairs);
            fields.position(end);
        }
        return rules.labels(pairs);
    }

    private void label(byte[] bytes, int from, int to, List<String> pairs) {
        String name = "";
        String value = "";
        pair.reset(bytes, from, to);
        while (!pair.atEnd()) {
            int tag = pair.tag();
            if (tag == NAME_OF_LABEL || tag == VALUE_OF_LABEL) {
                int end = pair.length() + pair.position();
                if (tag == NAME_OF_LABEL) {
                    name = rules.name(bytes, pair.position(), end);
                } else {
                    value = rules.value(bytes, pair.position(), end);
                }
                pair.position(end);
            } else {
                pair.skip(tag);
            }
        }
        if (name.isEmpty()) {
            throw new LabelRuleException(Refusal.EMPTY_LABEL_NAME, "of value " + LabelRules.shown(value));
        }
        rules.count(pairs.size() / 2 + 1);
        add(pairs, name, value);
    }

    /** Adds a pair at its place, so that the pairs are sorted by name. */
    private static void add(List<String> pairs, String name, String value) {
        int place = pairs.size();
        while (place > 0 && Labels.compareCodePoints(pairs.get(place - 2), name) > 0) {
            place -= 2;
        }
        pairs.add(place, name);
        pairs.add(place + 1, value);
    }
}
