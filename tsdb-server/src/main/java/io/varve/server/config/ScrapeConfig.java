package io.varve.server.config;

import io.varve.server.relabel.Relabeling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Targets that are scraped in the same way: an element of {@code scrape_configs}.
 *
 * @param job value of the label {@code job}, unless relabelling sets another
 * @param request how a target is asked
 * @param labels what becomes of labels
 * @param limits what a target may cost
 * @param format how answers are read
 * @param groups targets that are written in the configuration
 * @param files files that name targets
 */
public record ScrapeConfig(
        String job,
        Request request,
        LabelSetting labels,
        Limits limits,
        Format format,
        List<Group> groups,
        List<FileDiscovery> files) {

    /** Bytes of an answer, decompressed, beyond which it is refused in any case. */
    public static final long MAX_BODY_BYTES = 32L << 20;

    /** Samples of an answer beyond which it is refused in any case. */
    public static final int MAX_SAMPLES = 1_000_000;

    /**
     * How a target is asked.
     *
     * @param interval from one scrape to the next; relabelling may set another
     * @param timeout longest time that a scrape may take, its body included; at most the interval
     * @param params of the address
     * @param redirects whether redirections are followed
     * @param compression whether gzip is asked for
     * @param authorization header {@code Authorization}, null for none
     */
    public record Request(
            Duration interval,
            Duration timeout,
            String scheme,
            String path,
            Map<String, List<String>> params,
            boolean redirects,
            boolean compression,
            @Nullable String authorization) {

        /** Without what is secret. */
        @Override
        public String toString() {
            return "every " + Quantity.describe(interval) + " " + scheme + " " + path + " " + params;
        }
    }

    /**
     * What becomes of labels and times.
     *
     * @param honorLabels whether a label of a sample stands before one of its target
     * @param honorTimestamps whether a sample's own time counts
     * @param trackTimestamps whether series whose samples have times of their own end by a stale marker, too
     * @param targets relabelling of targets
     * @param samples relabelling of samples
     */
    public record LabelSetting(
            boolean honorLabels,
            boolean honorTimestamps,
            boolean trackTimestamps,
            Relabeling targets,
            Relabeling samples) {}

    /**
     * What a target may cost; 0 for no limit.
     *
     * @param bodyBytes bytes of an answer, decompressed; at most {@link #MAX_BODY_BYTES} in any case
     * @param samples samples that a scrape may keep
     * @param labels labels of a sample
     * @param nameBytes bytes of a label's name
     * @param valueBytes bytes of a label's value
     * @param targets targets of the job
     * @param keptDropped dropped targets that are shown
     */
    public record Limits(
            long bodyBytes, int samples, int labels, int nameBytes, int valueBytes, int targets, int keptDropped) {}

    /**
     * How answers are read.
     *
     * @param protocols formats that are asked for, the best first
     * @param fallback format of answers that do not name one; null if they are refused
     * @param nativeHistograms whether native histograms are kept
     * @param classicToo whether the buckets of a native histogram that has classic ones are kept as well
     * @param extraMetrics whether limits and sizes are kept as series
     */
    public record Format(
            List<ScrapeProtocol> protocols,
            @Nullable ScrapeProtocol fallback,
            boolean nativeHistograms,
            boolean classicToo,
            boolean extraMetrics) {}

    /** Targets as host and port, with labels of all of them. */
    public record Group(List<String> targets, Map<String, String> labels) {}

    /**
     * Files that name targets.
     *
     * @param patterns names of files; {@code *} and {@code ?} in the last part stand for anything
     * @param directory what they are relative to
     * @param refresh from one reading to the next, changed or not
     */
    public record FileDiscovery(List<String> patterns, Path directory, Duration refresh) {}
}
