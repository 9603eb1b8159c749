package io.varve.server.demo;

import io.varve.server.self.SampleSink;
import java.util.HashSet;
import java.util.Set;

/** Disks (/proc/diskstats) and the room of the file systems on them (/proc/mounts). */
final class DiskCollector {

    /** The kernel counts sectors of this many bytes, whatever the disk's own are. */
    private static final double SECTOR = 512;

    private static final int COLUMNS = 14;

    private DiskCollector() {}

    static boolean disks(ProcFiles files, SampleSink sink) {
        boolean any = false;
        for (String line : ProcText.lines(files.read("/proc/diskstats"))) {
            String[] words = ProcText.words(line);
            if (words.length < COLUMNS || words[2].startsWith("loop") || words[2].startsWith("ram")) {
                continue;
            }
            any = true;
            double[] n = new double[COLUMNS];
            for (int i = 3; i < COLUMNS; i++) {
                n[i] = ProcText.number(words[i]);
            }
            String[] device = {"device", words[2]};
            sink.add("node_disk_reads_completed_total", n[3], device);
            sink.add("node_disk_read_bytes_total", n[5] * SECTOR, device);
            sink.add("node_disk_read_time_seconds_total", n[6] / 1000, device);
            sink.add("node_disk_writes_completed_total", n[7], device);
            sink.add("node_disk_written_bytes_total", n[9] * SECTOR, device);
            sink.add("node_disk_write_time_seconds_total", n[10] / 1000, device);
            sink.add("node_disk_io_now", n[11], device);
            sink.add("node_disk_io_time_seconds_total", n[12] / 1000, device);
            sink.add("node_disk_io_time_weighted_seconds_total", n[13] / 1000, device);
        }
        return any;
    }

    static boolean fileSystems(ProcFiles files, SampleSink sink) {
        boolean any = false;
        Set<String> seen = new HashSet<>();
        for (String line : ProcText.lines(files.read("/proc/mounts"))) {
            String[] words = ProcText.words(line);
            // Only what is local and has a place of its own: asking about a network file system may hang.
            if (words.length < 3 || !(words[0].startsWith("/dev/") || words[1].equals("/")) || !seen.add(words[0])) {
                continue;
            }
            String mount = words[1].replace("\\040", " ");
            ProcFiles.Space space = files.space(mount);
            if (space != null) {
                any = true;
                String[] labels = {"device", words[0], "fstype", words[2], "mountpoint", mount};
                sink.add("node_filesystem_size_bytes", (double) space.size(), labels);
                sink.add("node_filesystem_free_bytes", (double) space.free(), labels);
                sink.add("node_filesystem_avail_bytes", (double) space.available(), labels);
            }
        }
        return any;
    }
}
