package io.varve.server.write.remote;

import io.varve.core.model.Labels;
import io.varve.core.storage.WireLabels;
import io.varve.server.write.LabelRuleException;
import io.varve.server.write.LabelRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the labels of one series from {@code repeated Label labels = 1}: the fields as they came, one after the other.
 * Called on first sight of a series only, so it may allocate. For one thread.
 */
final class ProtoLabels implements WireLabels {

    private static final int LABELS = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int NAME = 1 << 3 | ProtoCursor.LENGTH_DELIMITED;
    private static final int VALUE = 2 << 3 | ProtoCursor.LENGTH_DELIMITED;

    private final LabelRules rules;
    private final ProtoCursor outer = new ProtoCursor();
    private final ProtoCursor inner = new ProtoCursor();

    ProtoLabels(LabelRules rules) {
        this.rules = rules;
    }

    /**
     * Reads all bytes before it judges any, so that damage is told as damage and not as a broken rule.
     *
     * @throws MalformedWriteException if the bytes are not a run of labels
     * @throws LabelRuleException if the labels break a rule
     */
    @Override
    public Labels decode(byte[] bytes, int offset, int length) {
        checkFraming(bytes, offset, length);
        List<String> pairs = new ArrayList<>();
        outer.reset(bytes, offset, offset + length);
        while (!outer.atEnd()) {
            outer.tag();
            int end = outer.length() + outer.position();
            rules.count(pairs.size() / 2 + 1);
            addPair(bytes, outer.position(), end, pairs);
            outer.position(end);
        }
        return rules.labels(pairs);
    }

    private void checkFraming(byte[] bytes, int offset, int length) {
        outer.reset(bytes, offset, offset + length);
        while (!outer.atEnd()) {
            int start = outer.position();
            if (outer.tag() != LABELS) {
                throw new MalformedWriteException(start, "not a label");
            }
            int end = outer.length() + outer.position();
            inner.reset(bytes, outer.position(), end);
            while (!inner.atEnd()) {
                inner.skip(inner.tag());
            }
            outer.position(end);
        }
    }

    private void addPair(byte[] bytes, int from, int to, List<String> pairs) {
        int nameFrom = 0;
        int nameTo = 0;
        int valueFrom = 0;
        int valueTo = 0;
        inner.reset(bytes, from, to);
        while (!inner.atEnd()) {
            int tag = inner.tag();
            if (tag == NAME) {
                int fieldLength = inner.length();
                nameFrom = inner.position();
                nameTo = nameFrom + fieldLength;
                inner.position(nameTo);
            } else if (tag == VALUE) {
                int fieldLength = inner.length();
                valueFrom = inner.position();
                valueTo = valueFrom + fieldLength;
                inner.position(valueTo);
            } else {
                inner.skip(tag);
            }
        }
        pairs.add(rules.name(bytes, nameFrom, nameTo));
        pairs.add(rules.value(bytes, valueFrom, valueTo));
    }
}
