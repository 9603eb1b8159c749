package io.varve.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Series that move step by step. The same seed gives the same values bit for bit. Not thread-safe. */
public interface Load {

    /** Number of series. */
    int seriesCount();

    /** Names and values of a series in order of names. */
    List<Map.Entry<String, String>> labels(int series);

    /** Moves every series one step on. */
    void next(double[] values);

    /** How many milliseconds after its step a series was sampled. */
    default int delay(int series) {
        return 0;
    }

    /** Labels of a series as the fields 1 of a remote-write time series. */
    default byte[] encodedLabels(int series) {
        ProtoWriter out = new ProtoWriter(1_024);
        for (Map.Entry<String, String> label : labels(series)) {
            byte[] name = label.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = label.getValue().getBytes(StandardCharsets.UTF_8);
            int length = 2 + name.length + 2 + value.length;
            out.bytes(0x0A, length)
                    .bytes(0x0A, name.length)
                    .raw(name)
                    .bytes(0x12, value.length)
                    .raw(value);
        }
        return out.toArray();
    }
}
