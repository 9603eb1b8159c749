package io.varve.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The k8s load: targets of 200 series each, scraped with up to 4 ms of delay that a target's series share. Eight
 * classic histograms of 12 buckets, request counters that mostly stand still, CPU counters in full precision, gauges
 * and constants. With 5,000 targets it is the card load.
 */
final class K8sLoad implements Load {

    /** Series of a target. */
    static final int TARGET = 200;

    private static final int BUCKETS = 12;
    private static final int HISTOGRAM = BUCKETS + 2; // and sum and count
    private static final int HISTOGRAMS = 8;
    private static final int REQUESTS = 40;
    private static final int CPUS = 16;
    private static final int GAUGES = 12;
    private static final int FIRST_REQUEST = HISTOGRAMS * HISTOGRAM;
    private static final int FIRST_CPU = FIRST_REQUEST + REQUESTS;
    private static final int FIRST_GAUGE = FIRST_CPU + CPUS;
    private static final int FIRST_CONSTANT = FIRST_GAUGE + GAUGES;

    private static final String[] BOUNDS = {
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"
    };
    private static final String[] HANDLERS = {"/api/items", "/api/users", "/api/orders", "/login", "/healthz"};
    private static final String[] METHODS = {"GET", "POST"};
    private static final String[] CODES = {"200", "400", "404", "500"};
    private static final String[] MODES = {"user", "system"};
    private static final String[] JOBS = {"frontend", "checkout", "cart", "search", "payments"};
    private static final int MAX_DELAY = 4;

    private final int targets;
    private final double[] state;
    private final int[] delays;
    private final Draws draws;

    /** A load of so many targets at its beginning. */
    K8sLoad(long seed, int targets) {
        this.targets = targets;
        draws = new Draws(seed);
        delays = new int[targets];
        state = new double[targets * TARGET];
        for (int target = 0; target < targets; target++) {
            int base = target * TARGET;
            for (int i = FIRST_GAUGE; i < FIRST_CONSTANT; i++) {
                state[base + i] = 1_000 + draws.below(60_000);
            }
            for (int i = FIRST_CONSTANT; i < TARGET; i++) {
                state[base + i] = 1L << draws.below(32);
            }
        }
    }

    @Override
    public int seriesCount() {
        return state.length;
    }

    @Override
    public int delay(int series) {
        return delays[series / TARGET];
    }

    @Override
    public void next(double[] values) {
        for (int target = 0; target < targets; target++) {
            delays[target] = draws.below(MAX_DELAY + 1);
            int base = target * TARGET;
            for (int histogram = 0; histogram < HISTOGRAMS; histogram++) {
                observe(base + histogram * HISTOGRAM, histogram);
            }
            for (int i = base + FIRST_REQUEST; i < base + FIRST_CPU; i++) {
                state[i] += draws.uniform() < 0.1 ? 1 + draws.below(5) : 0;
            }
            for (int i = base + FIRST_CPU; i < base + FIRST_GAUGE; i++) {
                state[i] += draws.uniform() * 15;
            }
            for (int i = base + FIRST_GAUGE; i < base + FIRST_CONSTANT; i++) {
                state[i] = Math.max(0, state[i] + Math.rint(40 * draws.normal()));
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = i % TARGET >= FIRST_GAUGE && i % TARGET < FIRST_CONSTANT ? state[i] * 4_096 : state[i];
        }
    }

    /** Some requests of random duration: cumulative buckets, then sum and count. */
    private void observe(int base, int histogram) {
        int requests = draws.below(2 + histogram);
        for (int request = 0; request < requests; request++) {
            double seconds = 0.02 * Math.exp(draws.normal());
            for (int bucket = BUCKETS - 1; bucket >= 0 && seconds <= bound(bucket); bucket--) {
                state[base + bucket]++;
            }
            state[base + BUCKETS] += seconds;
            state[base + BUCKETS + 1]++;
        }
    }

    private static double bound(int bucket) {
        return bucket == BUCKETS - 1 ? Double.POSITIVE_INFINITY : Double.parseDouble(BOUNDS[bucket]);
    }

    @Override
    public List<Map.Entry<String, String>> labels(int series) {
        int target = series / TARGET;
        Map<String, String> labels = new TreeMap<>();
        String job = JOBS[target % JOBS.length];
        labels.put("cluster", "eu-1");
        labels.put("namespace", "team-" + target % 40);
        labels.put("job", job);
        labels.put("pod", job + "-" + Integer.toHexString(target * 0x9E3779B1));
        labels.put("node", "node-" + target % 250);
        labels.put("instance", "10." + target / 65_536 + "." + target / 256 % 256 + "." + target % 256 + ":8080");
        own(labels, series % TARGET);
        return new ArrayList<>(labels.entrySet());
    }

    private static void own(Map<String, String> labels, int i) {
        if (i < FIRST_REQUEST) {
            String name = "rpc_" + i / HISTOGRAM + "_duration_seconds";
            int part = i % HISTOGRAM;
            if (part < BUCKETS) {
                labels.put("__name__", name + "_bucket");
                labels.put("le", BOUNDS[part]);
            } else {
                labels.put("__name__", name + (part == BUCKETS ? "_sum" : "_count"));
            }
        } else if (i < FIRST_CPU) {
            int request = i - FIRST_REQUEST;
            labels.put("__name__", "http_requests_total");
            labels.put("handler", HANDLERS[request % HANDLERS.length]);
            labels.put("method", METHODS[request / HANDLERS.length % METHODS.length]);
            labels.put("code", CODES[request / (HANDLERS.length * METHODS.length)]);
        } else if (i < FIRST_GAUGE) {
            int cpu = i - FIRST_CPU;
            labels.put("__name__", "container_cpu_seconds_total");
            labels.put("cpu", String.valueOf(cpu / MODES.length));
            labels.put("mode", MODES[cpu % MODES.length]);
        } else {
            labels.put("__name__", (i < FIRST_CONSTANT ? "container_memory_" : "container_spec_") + i + "_bytes");
        }
    }
}
