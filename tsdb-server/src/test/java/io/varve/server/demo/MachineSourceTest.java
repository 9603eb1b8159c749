package io.varve.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MachineSourceTest {

    private static Map<String, Double> collect(ProcFiles files) {
        Map<String, Double> values = new HashMap<>();
        new MachineSource(files).collect((name, value, labels) -> {
            String[] all = Arrays.copyOf(labels, labels.length + 2);
            all[labels.length] = Labels.NAME;
            all[labels.length + 1] = name;
            assertThat(values.put(Labels.of(all).toString(), value)).as(name).isNull();
        });
        return values;
    }

    @Test
    void recordedTextsAreReadAsNodeExporterNamesThem() {
        Map<String, Double> values = collect(new RecordedProc());
        assertThat(values)
                .containsEntry("node_cpu_seconds_total{cpu=\"0\",mode=\"user\"}", 10.0)
                .containsEntry("node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"}", 450.0)
                .containsEntry("node_cpu_seconds_total{cpu=\"1\",mode=\"steal\"}", 0.01)
                .containsEntry("node_intr_total", 123456.0)
                .containsEntry("node_context_switches_total", 987654.0)
                .containsEntry("node_boot_time_seconds", 1763780000.0)
                .containsEntry("node_forks_total", 4321.0)
                .containsEntry("node_procs_running", 3.0)
                .containsEntry("node_procs_blocked", 1.0)
                .containsEntry("node_load1", 0.5)
                .containsEntry("node_load5", 1.25)
                .containsEntry("node_load15", 2.75)
                .containsEntry("node_memory_MemAvailable_bytes", 8_000_000.0 * 1024)
                .containsEntry("node_memory_Active_anon_bytes", 250_000.0 * 1024)
                .containsEntry("node_memory_HugePages_Total", 4.0)
                .containsEntry("node_disk_read_bytes_total{device=\"nvme0n1\"}", 80_000.0 * 512)
                .containsEntry("node_disk_written_bytes_total{device=\"nvme0n1\"}", 160_000.0 * 512)
                .containsEntry("node_disk_io_time_seconds_total{device=\"nvme0n1\"}", 4.5)
                .containsEntry("node_disk_reads_completed_total{device=\"nvme0n1p1\"}", 50.0)
                .containsEntry("node_network_receive_bytes_total{device=\"eth0\"}", 123456789.0)
                .containsEntry("node_network_transmit_bytes_total{device=\"eth0\"}", 98765432.0)
                .containsEntry("node_network_transmit_compressed_total{device=\"eth0\"}", 12.0)
                .containsEntry(
                        "node_filesystem_size_bytes{device=\"/dev/nvme0n1p1\",fstype=\"ext4\","
                                + "mountpoint=\"/data disk\"}",
                        1000.0)
                .containsEntry(
                        "node_filesystem_avail_bytes{device=\"overlay\",fstype=\"overlay\",mountpoint=\"/\"}", 300.0)
                .containsKey("jvm_memory_used_bytes{area=\"heap\"}");
        assertThat(values.keySet())
                .noneMatch(series -> series.contains("loop0") || series.contains("ram0") || series.contains("/net\""))
                .noneMatch(series -> series.contains("cpu=\"\"") || series.contains("/again"));
        assertThat(new MachineSource(new RecordedProc()).absent()).isEmpty();
        assertThat(new MachineSource(new RecordedProc()).host()).isEqualTo("box");
    }

    @Test
    void whatASystemDoesNotTellIsNamed() {
        MachineSource elsewhere = new MachineSource(new Nowhere());
        assertThat(elsewhere.absent()).containsExactly("cpu", "load", "memory", "disk", "network", "filesystem");
        assertThat(elsewhere.host()).isEqualTo("localhost");
        assertThat(collect(new Nowhere()).keySet()).allMatch(s -> s.startsWith("jvm_") || s.startsWith("process_"));
        assertThat(DemoQuery.suggested(elsewhere.absent())).hasSize(3).noneMatch(q -> q.expression()
                .contains("node_"));
    }

    @Test
    void thisMachineIsReadWithoutFailure() {
        assertThat(collect(ProcFiles.machine())).containsKey("jvm_threads_current");
    }

    @Test
    void tornTextsAreSurvived() {
        ProcFiles torn = new ProcFiles() {
            @Override
            public String read(String path) {
                return "cpu0\ncpu0 x\nctxt\n\neth0:\n: 1\nMemTotal:\nMemFree: y kB\n1 2 sda\n/dev/sda\n";
            }

            @Override
            public @Nullable Space space(String mountPoint) {
                return null;
            }
        };
        new MachineSource(torn).collect((name, value, labels) -> {});
        assertThat(new MachineSource(torn).absent()).contains("disk", "filesystem");
    }

    /** A system without /proc. */
    private static final class Nowhere implements ProcFiles {

        @Override
        public @Nullable String read(String path) {
            return null;
        }

        @Override
        public @Nullable Space space(String mountPoint) {
            return null;
        }
    }
}
