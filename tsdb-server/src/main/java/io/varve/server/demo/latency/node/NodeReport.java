package io.varve.server.demo.latency.node;

import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.FormBytes;
import io.varve.core.model.Labels;
import io.varve.core.telemetry.Window;
import io.varve.core.telemetry.clock.PeerReading;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node tells every second, to be joined with what others tell.
 *
 * @param messages that have gone the whole way since the start, as far as this node sees
 * @param windows of its distributions
 * @param clocks what it knows of the clocks of its peers
 */
public record NodeReport(long messages, List<NodeWindow> windows, List<PeerReading> clocks) {

    private static final int MOST = 1_000;

    /** Copies are taken of the lists. */
    public NodeReport {
        windows = List.copyOf(windows);
        clocks = List.copyOf(clocks);
    }

    /** Adds the bytes of it. */
    void writeTo(ByteSink out) {
        out.varint(messages);
        out.varint(windows.size());
        for (NodeWindow window : windows) {
            writeLabels(window.series(), out);
            byte[] bytes = window.window().toBytes();
            out.varint(bytes.length);
            out.put(bytes, 0, bytes.length);
        }
        out.varint(clocks.size());
        for (PeerReading clock : clocks) {
            FormBytes.text(out, clock.peer());
            FormBytes.number(out, clock.offsetSeconds());
            FormBytes.number(out, clock.uncertaintySeconds());
            FormBytes.number(out, clock.ageSeconds());
        }
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    public static NodeReport of(byte[] bytes, int length) {
        ByteSource in = FormBytes.source(bytes, 0, length);
        long messages = in.varint();
        List<NodeWindow> windows = new ArrayList<>();
        for (int left = in.varint(MOST); left > 0; left--) {
            Labels series = readLabels(in);
            byte[] window = new byte[in.varint(in.remaining())];
            in.get(window, 0, window.length);
            windows.add(new NodeWindow(series, Window.of(window)));
        }
        List<PeerReading> clocks = new ArrayList<>();
        for (int left = in.varint(MOST); left > 0; left--) {
            clocks.add(new PeerReading(
                    FormBytes.text(in), FormBytes.number(in), FormBytes.number(in), FormBytes.number(in)));
        }
        return new NodeReport(messages, windows, clocks);
    }

    static void writeLabels(Labels labels, ByteSink out) {
        out.varint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            FormBytes.text(out, labels.name(i));
            FormBytes.text(out, labels.value(i));
        }
    }

    static Labels readLabels(ByteSource in) {
        String[] pairs = new String[2 * in.varint(MOST)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = FormBytes.text(in);
        }
        return Labels.of(pairs);
    }
}
