package io.varve.benchmarks.load;

import static io.varve.benchmarks.load.Field.constant;
import static io.varve.benchmarks.load.Field.counter;
import static io.varve.benchmarks.load.Field.full;
import static io.varve.benchmarks.load.Field.rare;
import static io.varve.benchmarks.load.Field.walk;

import java.util.List;
import java.util.Map;

/**
 * The 101 metrics of a host in the devops case of the Time Series Benchmark Suite: nine sources and their fields. The
 * steps are set so that the load's entropy floor is about 0.74 bytes a sample ({@link EntropyFloor} prints it).
 */
final class DevopsFields {

    private static final double PAGE = 4_096;
    private static final double GIB = 1L << 30;

    private DevopsFields() {}

    /** Labels that a source adds to those of the host. */
    static final Map<String, List<String>> EXTRA_LABELS = Map.of(
            "diskio", List.of("serial", "694-511-162"),
            "disk", List.of("fstype", "ext4", "path", "/dev/sda1"),
            "net", List.of("interface", "eth1"),
            "nginx", List.of("port", "12552", "server", "nginx_65466"),
            "redis", List.of("port", "19071", "server", "redis_86258"));

    static final List<Field> ALL = List.of(
            walk("cpu_usage_user", 0, 100, 1, 1),
            walk("cpu_usage_system", 0, 100, 1, 1),
            walk("cpu_usage_idle", 0, 100, 1, 1),
            walk("cpu_usage_nice", 0, 100, 1, 1),
            walk("cpu_usage_iowait", 0, 100, 1, 1),
            walk("cpu_usage_irq", 0, 100, 1, 1),
            walk("cpu_usage_softirq", 0, 100, 1, 1),
            walk("cpu_usage_steal", 0, 100, 1, 1),
            walk("cpu_usage_guest", 0, 100, 1, 1),
            walk("cpu_usage_guest_nice", 0, 100, 1, 1),
            counter("diskio_reads", 50, 12),
            counter("diskio_writes", 50, 12),
            counter("diskio_read_bytes", 900, 90),
            counter("diskio_write_bytes", 900, 90),
            counter("diskio_read_time", 40, 6),
            counter("diskio_write_time", 40, 6),
            counter("diskio_io_time", 60, 8),
            constant("disk_total", 1_000 * GIB),
            walk("disk_free", 1e6, 2e8, 90, PAGE),
            walk("disk_used", 1e6, 2e8, 90, PAGE),
            walk("disk_used_percent", 0, 10_000, 5, 0.01),
            constant("disk_inodes_total", 268_435_456),
            walk("disk_inodes_free", 0, 2e8, 20, 1),
            walk("disk_inodes_used", 0, 2e8, 20, 1),
            constant("kernel_boot_time", 1_451_606_400),
            counter("kernel_interrupts", 500, 80),
            counter("kernel_context_switches", 800, 90),
            counter("kernel_processes_forked", 5, 2),
            counter("kernel_disk_pages_in", 40, 12),
            counter("kernel_disk_pages_out", 40, 12),
            constant("mem_total", 16 * GIB),
            walk("mem_available", 1e5, 4e6, 110, PAGE),
            walk("mem_used", 1e5, 4e6, 110, PAGE),
            walk("mem_free", 1e5, 4e6, 110, PAGE),
            walk("mem_cached", 1e5, 4e6, 90, PAGE),
            walk("mem_buffered", 1e5, 4e6, 60, PAGE),
            full("mem_used_percent"),
            full("mem_available_percent"),
            full("mem_buffered_percent"),
            counter("net_bytes_sent", 5_000, 400),
            counter("net_bytes_recv", 5_000, 400),
            counter("net_packets_sent", 50, 18),
            counter("net_packets_recv", 50, 18),
            rare("net_err_in", 0.02),
            rare("net_err_out", 0.02),
            rare("net_drop_in", 0.03),
            rare("net_drop_out", 0.03),
            counter("nginx_accepts", 40, 8),
            walk("nginx_active", 0, 1_000, 4, 1),
            counter("nginx_handled", 40, 8),
            walk("nginx_reading", 0, 200, 3, 1),
            counter("nginx_requests", 150, 25),
            walk("nginx_waiting", 0, 500, 4, 1),
            walk("nginx_writing", 0, 200, 3, 1),
            walk("postgresl_numbackends", 0, 400, 2, 1),
            counter("postgresl_xact_commit", 100, 22),
            rare("postgresl_xact_rollback", 0.05),
            counter("postgresl_blks_read", 120, 22),
            counter("postgresl_blks_hit", 900, 90),
            counter("postgresl_tup_returned", 900, 110),
            counter("postgresl_tup_fetched", 400, 60),
            counter("postgresl_tup_inserted", 60, 14),
            counter("postgresl_tup_updated", 60, 14),
            counter("postgresl_tup_deleted", 30, 8),
            rare("postgresl_conflicts", 0.002),
            rare("postgresl_temp_files", 0.01),
            counter("postgresl_temp_bytes", 300, 40),
            rare("postgresl_deadlocks", 0.001),
            counter("postgresl_blk_read_time", 3_000, 60, 0.0001),
            counter("postgresl_blk_write_time", 3_000, 60, 0.0001),
            counter("redis_uptime_in_seconds", 10, 0),
            counter("redis_total_connections_received", 20, 5),
            counter("redis_expired_keys", 50, 12),
            rare("redis_evicted_keys", 0.05),
            counter("redis_keyspace_hits", 400, 60),
            counter("redis_keyspace_misses", 60, 12),
            walk("redis_instantaneous_ops_per_sec", 0, 100_000, 40, 0.01),
            walk("redis_instantaneous_input_kbps", 0, 100_000, 40, 0.01),
            walk("redis_instantaneous_output_kbps", 0, 100_000, 40, 0.01),
            walk("redis_connected_clients", 0, 10_000, 4, 1),
            walk("redis_used_memory", 1e5, 1e8, 400, 8),
            walk("redis_used_memory_rss", 1e5, 4e6, 60, PAGE),
            rare("redis_used_memory_peak", 0.01),
            constant("redis_used_memory_lua", 37_888),
            counter("redis_rdb_changes_since_last_save", 50, 12),
            rare("redis_sync_full", 0.0005),
            rare("redis_sync_partial_ok", 0.001),
            rare("redis_sync_partial_err", 0.0005),
            constant("redis_pubsub_channels", 4),
            constant("redis_pubsub_patterns", 2),
            walk("redis_latest_fork_usec", 100, 20_000, 30, 1),
            constant("redis_connected_slaves", 2),
            counter("redis_master_repl_offset", 900, 120),
            constant("redis_repl_backlog_active", 1),
            constant("redis_repl_backlog_size", 1_048_576),
            walk("redis_repl_backlog_histlen", 0, 1_048_576, 200, 1),
            walk("redis_mem_fragmentation_ratio", 90, 400, 1.5, 0.01),
            counter("redis_used_cpu_sys", 900, 90, 0.0001),
            counter("redis_used_cpu_user", 900, 90, 0.0001),
            counter("redis_used_cpu_sys_children", 90, 20, 0.0001),
            counter("redis_used_cpu_user_children", 90, 20, 0.0001));
}
