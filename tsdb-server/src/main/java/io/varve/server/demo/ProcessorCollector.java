package io.varve.server.demo;

import io.varve.server.self.SampleSink;
import org.jspecify.annotations.Nullable;

/** Processor time by processor and mode with what else the kernel counts (/proc/stat), and load (/proc/loadavg). */
final class ProcessorCollector {

    /** The kernel's unit of time towards programs, in seconds; it is the same on every Linux that the JDK runs on. */
    private static final double TICK = 0.01;

    private static final String[] MODES = {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"};

    private ProcessorCollector() {}

    static boolean processors(ProcFiles files, SampleSink sink) {
        String stat = files.read("/proc/stat");
        boolean any = false;
        for (String line : ProcText.lines(stat)) {
            String[] words = ProcText.words(line);
            String key = words[0];
            if (key.startsWith("cpu") && key.length() > 3) {
                any = true;
                for (int i = 0; i < MODES.length && i + 1 < words.length; i++) {
                    double seconds = ProcText.number(words[i + 1]) * TICK;
                    sink.add("node_cpu_seconds_total", seconds, "cpu", key.substring(3), "mode", MODES[i]);
                }
            } else if (words.length > 1) {
                String name = kernelMetric(key);
                if (name != null) {
                    sink.add(name, ProcText.number(words[1]));
                }
            }
        }
        return any;
    }

    private static @Nullable String kernelMetric(String key) {
        return switch (key) {
            case "intr" -> "node_intr_total";
            case "ctxt" -> "node_context_switches_total";
            case "btime" -> "node_boot_time_seconds";
            case "processes" -> "node_forks_total";
            case "procs_running" -> "node_procs_running";
            case "procs_blocked" -> "node_procs_blocked";
            default -> null;
        };
    }

    static boolean load(ProcFiles files, SampleSink sink) {
        String text = files.read("/proc/loadavg");
        String[] words = text == null ? new String[0] : ProcText.words(text);
        if (words.length < 3) {
            return false;
        }
        sink.add("node_load1", ProcText.number(words[0]));
        sink.add("node_load5", ProcText.number(words[1]));
        sink.add("node_load15", ProcText.number(words[2]));
        return true;
    }
}
