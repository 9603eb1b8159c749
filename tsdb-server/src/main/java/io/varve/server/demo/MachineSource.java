package io.varve.server.demo;

import io.varve.server.self.SampleSink;
import io.varve.server.self.SampleSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics of the machine that the process runs on, under the names that node_exporter has made known. What this
 * system does not tell is left out; {@link #absent} says what. Used by one thread at a time.
 */
public final class MachineSource implements SampleSource {

    /** One kind of metrics. */
    private interface Collector {

        /** Hands on what there is; false if there is nothing of the kind here. */
        boolean collect(ProcFiles files, SampleSink sink);
    }

    private final ProcFiles files;
    private final Map<String, Collector> collectors = new LinkedHashMap<>();

    /** A source over the files of a machine. */
    public MachineSource(ProcFiles files) {
        this.files = files;
        collectors.put("cpu", ProcessorCollector::processors);
        collectors.put("load", ProcessorCollector::load);
        collectors.put("memory", MemoryCollector::collect);
        collectors.put("disk", DiskCollector::disks);
        collectors.put("network", NetworkCollector::collect);
        collectors.put("filesystem", DiskCollector::fileSystems);
        collectors.put("jvm", JvmCollector::collect);
    }

    @Override
    public void collect(SampleSink sink) {
        for (Collector collector : collectors.values()) {
            collector.collect(files, sink);
        }
    }

    /** The kinds of metrics that this system does not tell, of cpu, load, memory, disk, network, filesystem, jvm. */
    public List<String> absent() {
        List<String> absent = new ArrayList<>();
        collectors.forEach((kind, collector) -> {
            if (!collector.collect(files, (name, value, labels) -> {})) {
                absent.add(kind);
            }
        });
        return absent;
    }

    /** The machine's name. */
    public String host() {
        String name = files.read("/proc/sys/kernel/hostname");
        return name == null || name.isBlank() ? "localhost" : name.strip();
    }
}
