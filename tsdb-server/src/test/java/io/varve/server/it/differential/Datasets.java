package io.varve.server.it.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Random data: counters that are reset, gauges of several kinds, classic histograms, and series to match them with. Labels
 * are shared between metrics, with members missing here and there; series have jitter, gaps, late starts, early ends, stale
 * markers, NaN and infinities. No sample lies on a multiple of {@link #GRID_MS}, where all windows begin and end: the left
 * edge is where the peer's windows are of another kind.
 */
final class Datasets {

    /** When all data begins. A fixed time, so that a case is the same in each run. */
    static final long BASE_MS = 1_700_000_000_000L;

    /** How long data lasts: less than the hour that the peer's head allows between its newest and a new series' oldest. */
    static final long SPAN_MS = 45 * 60_000L;

    /** Times of questions, ranges, offsets and steps are multiples of it. */
    static final long GRID_MS = 500;

    static final List<String> COUNTERS = List.of("§requests_total", "§errors_total", "§lat_count", "§lat_sum");
    static final List<String> GAUGES = List.of("§temp", "§load", "§size", "§up", "§limits", "§info", "§odd");
    static final String BUCKETS = "§lat_bucket";

    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final List<String> JOBS = List.of("api", "db", "web");
    private static final List<String> INSTANCES = List.of("a:1", "b:1", "c:2");
    private static final List<String> BOUNDS = List.of("0.1", "0.5", "1", "2.5", "+Inf");

    private final Random random;
    private final List<Dataset.Series> series = new ArrayList<>();

    private Datasets(Random random) {
        this.random = random;
    }

    static Arbitrary<Dataset> arbitrary() {
        return Arbitraries.randomValue(random -> new Datasets(random).make());
    }

    private Dataset make() {
        for (String job : JOBS) {
            for (String instance : INSTANCES) {
                if (random.nextInt(6) > 0) {
                    target(job, instance);
                }
            }
            add(constant(random.nextInt(100)), "§limits", "job", job);
        }
        for (String instance : INSTANCES) {
            String zone = "z" + (1 + random.nextInt(2));
            add(constant(1), "§info", "instance", instance, "zone", zone, "version", "v" + random.nextInt(3));
            add(walk(0.01), "§load", "instance", instance, "zone", zone);
        }
        return new Dataset(series);
    }

    private void target(String job, String instance) {
        String[] labels = {"job", job, "instance", instance};
        for (String code : List.of("200", "404", "500")) {
            if (random.nextInt(4) > 0) {
                add(counter(1, 20), "§requests_total", with(labels, "code", code));
            }
        }
        add(counter(1, 3), "§errors_total", labels);
        add(walk(0.1), "§temp", labels);
        add(random.nextBoolean() ? walk(1) : constant(random.nextInt(1_000)), "§size", labels);
        add(() -> random.nextInt(8) > 0 ? 1 : 0, "§up", labels);
        if (random.nextInt(3) > 0) {
            add(odd(), "§odd", labels);
        }
        if (random.nextBoolean()) {
            histogram(labels);
        }
    }

    private void histogram(String[] labels) {
        Times times = times();
        double[][] counts = new double[BOUNDS.size()][times.at.length];
        double[] sum = new double[times.at.length];
        double[] running = new double[BOUNDS.size()];
        double total = 0;
        for (int i = 0; i < sum.length; i++) {
            if (random.nextInt(60) == 0) {
                Arrays.fill(running, 0);
                total = 0;
            }
            for (int seen = random.nextInt(6); seen > 0; seen--) {
                int bucket = random.nextInt(BOUNDS.size());
                total += 0.25 * (1 + random.nextInt(12));
                for (int b = bucket; b < running.length; b++) {
                    running[b]++;
                }
            }
            for (int b = 0; b < running.length; b++) {
                counts[b][i] = running[b];
            }
            sum[i] = total;
        }
        for (int b = 0; b < running.length; b++) {
            series.add(times.series(named("§lat_bucket", with(labels, "le", BOUNDS.get(b))), counts[b]));
        }
        series.add(times.series(named("§lat_count", labels), counts[running.length - 1]));
        series.add(times.series(named("§lat_sum", labels), sum));
    }

    /** A value for each sample. */
    private interface Values {
        double next();
    }

    private void add(Values values, String name, String... labels) {
        Times times = times();
        double[] all = new double[times.at.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.next();
        }
        series.add(times.series(named(name, labels), all));
    }

    private Values constant(double value) {
        return () -> value;
    }

    private Values counter(double unit, int most) {
        double[] value = {random.nextInt(3) == 0 ? 0 : random.nextInt(100_000)};
        double step = random.nextInt(3) == 0 ? 0.25 : unit;
        int resets = random.nextBoolean() ? 0 : 25 + random.nextInt(60);
        return () -> {
            if (resets > 0 && random.nextInt(resets) == 0) {
                value[0] = random.nextInt(3) * step;
            }
            value[0] += random.nextInt(most + 1) * step;
            return value[0];
        };
    }

    /** Multiples of a unit, 0.1 and 0.01 included, that go up and down. */
    private Values walk(double unit) {
        long[] value = {random.nextInt(2_000) - 500};
        long per = Math.round(1 / unit);
        return () -> {
            value[0] += random.nextInt(21) - 10;
            return value[0] / (double) per;
        };
    }

    private Values odd() {
        double[] some = {
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0, 1e300, -1e300, 1e-300, 1, -2.5, 7
        };
        boolean finite = random.nextBoolean();
        return () -> finite || random.nextInt(4) > 0 ? random.nextInt(9) - 4 : some[random.nextInt(some.length)];
    }

    /** The times of a series, and which of them are stale markers. */
    private static final class Times {

        private final long[] at;
        private final boolean[] stale;

        Times(long[] at, boolean[] stale) {
            this.at = at;
            this.stale = stale;
        }

        Dataset.Series series(Map<String, String> labels, double[] values) {
            double[] marked = values.clone();
            for (int i = 0; i < marked.length; i++) {
                marked[i] = stale[i] ? STALE : marked[i];
            }
            return new Dataset.Series(labels, at, marked);
        }
    }

    private Times times() {
        long interval = new long[] {10_000, 15_000, 15_000, 15_000, 30_000}[random.nextInt(5)];
        long phase = 20L + random.nextInt(450);
        int jitter = random.nextInt(3) == 0 ? 1 + random.nextInt(200) : 0;
        long from = random.nextInt(5) == 0 ? random.nextInt(20) * 60_000L : 0;
        long to = random.nextInt(5) == 0 ? SPAN_MS - random.nextInt(20) * 60_000L : SPAN_MS;
        long[] at = new long[(int) (SPAN_MS / interval) + 1];
        boolean[] stale = new boolean[at.length];
        int size = 0;
        for (long time = from; time < to; time += interval) {
            long exact = BASE_MS + time + phase + (jitter == 0 ? 0 : random.nextInt(jitter));
            at[size] = exact % GRID_MS == 0 ? exact + 1 : exact;
            if (random.nextInt(90) == 0) {
                stale[size] = random.nextBoolean();
                time += random.nextInt(6) * 70_000L / interval * interval;
            }
            size++;
        }
        return new Times(Arrays.copyOf(at, size), Arrays.copyOf(stale, size));
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }

    private static Map<String, String> named(String name, String... labels) {
        Map<String, String> all = new TreeMap<>();
        all.put("__name__", name);
        for (int i = 0; i < labels.length; i += 2) {
            all.put(labels[i], labels[i + 1]);
        }
        return all;
    }
}
