package io.varve.server.demo;

import io.varve.server.self.SampleSink;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** This JVM: memory, collections, threads, classes, processor time. There on every system. */
final class JvmCollector {

    private JvmCollector() {}

    static boolean collect(ProcFiles files, SampleSink sink) {
        memory("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage(), sink);
        memory("nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage(), sink);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.add(
                    "jvm_gc_collection_seconds_count",
                    (double) collector.getCollectionCount(),
                    "gc",
                    collector.getName());
            sink.add(
                    "jvm_gc_collection_seconds_sum", collector.getCollectionTime() / 1000.0, "gc", collector.getName());
        }
        sink.add("jvm_threads_current", ManagementFactory.getThreadMXBean().getThreadCount());
        sink.add(
                "jvm_classes_currently_loaded",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        sink.add(
                "process_start_time_seconds",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            sink.add("process_cpu_seconds_total", system.getProcessCpuTime() / 1e9);
        }
        return true;
    }

    private static void memory(String area, MemoryUsage usage, SampleSink sink) {
        sink.add("jvm_memory_used_bytes", (double) usage.getUsed(), "area", area);
        sink.add("jvm_memory_committed_bytes", (double) usage.getCommitted(), "area", area);
        if (usage.getMax() >= 0) {
            sink.add("jvm_memory_max_bytes", (double) usage.getMax(), "area", area);
        }
    }
}
