package io.varve.server.demo;

import io.varve.server.self.SampleSink;

/** Network interfaces (/proc/net/dev). */
final class NetworkCollector {

    private static final String[] COLUMNS = {
        "receive_bytes",
        "receive_packets",
        "receive_errs",
        "receive_drop",
        "receive_fifo",
        "receive_frame",
        "receive_compressed",
        "receive_multicast",
        "transmit_bytes",
        "transmit_packets",
        "transmit_errs",
        "transmit_drop",
        "transmit_fifo",
        "transmit_colls",
        "transmit_carrier",
        "transmit_compressed"
    };

    private NetworkCollector() {}

    static boolean collect(ProcFiles files, SampleSink sink) {
        boolean any = false;
        for (String line : ProcText.lines(files.read("/proc/net/dev"))) {
            int colon = line.indexOf(':'); // the number may follow the colon without a blank
            if (colon < 0) {
                continue;
            }
            any = true;
            String device = line.substring(0, colon).strip();
            String[] words = ProcText.words(line.substring(colon + 1));
            for (int i = 0; i < COLUMNS.length && i < words.length; i++) {
                sink.add("node_network_" + COLUMNS[i] + "_total", ProcText.number(words[i]), "device", device);
            }
        }
        return any;
    }
}
