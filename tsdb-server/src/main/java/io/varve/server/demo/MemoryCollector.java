package io.varve.server.demo;

import io.varve.server.self.SampleSink;

/** Every line of /proc/meminfo, in bytes where the kernel counts in kilobytes. */
final class MemoryCollector {

    private MemoryCollector() {}

    static boolean collect(ProcFiles files, SampleSink sink) {
        boolean any = false;
        for (String line : ProcText.lines(files.read("/proc/meminfo"))) {
            String[] words = ProcText.words(line);
            if (words.length < 2 || !words[0].endsWith(":")) {
                continue;
            }
            any = true;
            String name = words[0].substring(0, words[0].length() - 1)
                    .replace("(", "_")
                    .replace(")", "");
            boolean kilobytes = words.length > 2 && words[2].equals("kB");
            double value = ProcText.number(words[1]);
            sink.add("node_memory_" + name + (kilobytes ? "_bytes" : ""), kilobytes ? value * 1024 : value);
        }
        return any;
    }
}
