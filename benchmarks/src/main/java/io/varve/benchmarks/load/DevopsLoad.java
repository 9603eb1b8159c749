package io.varve.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The devops load: hosts of 101 series each, one value of every series at each step. The same seed gives the same
 * values bit for bit. Not thread-safe.
 *
 * <p>A value is a whole number times its unit, computed as {@code n * unit} or {@code n / 100}, {@code n / 10000}, so
 * that decimals are the doubles nearest to what they print as.
 */
public final class DevopsLoad {

    private static final String[] REGIONS = {
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "sa-east-1"
    };
    private static final String[] SYSTEMS = {"Ubuntu16.10", "Ubuntu16.04LTS", "Ubuntu15.10"};
    private static final String[] ARCHITECTURES = {"x64", "x86"};
    private static final String[] TEAMS = {"SF", "NYC", "LON", "CHI"};
    private static final String[] ENVIRONMENTS = {"production", "staging", "test"};
    private static final double TWO_POW_16 = 65_536;

    private final int hosts;
    private final double[] state;
    private long random;

    /** A load of so many hosts at its beginning. */
    public DevopsLoad(long seed, int hosts) {
        this.hosts = hosts;
        this.random = seed;
        this.state = new double[hosts * DevopsFields.ALL.size()];
        for (int i = 0; i < state.length; i++) {
            state[i] = start(field(i));
        }
    }

    /** Number of series. */
    public int seriesCount() {
        return state.length;
    }

    static Field field(int series) {
        return DevopsFields.ALL.get(series % DevopsFields.ALL.size());
    }

    /** Names and values of a series in order of names. */
    public List<Map.Entry<String, String>> labels(int series) {
        int host = series / DevopsFields.ALL.size();
        Field field = field(series);
        String region = REGIONS[host % REGIONS.length];
        Map<String, String> labels = new TreeMap<>();
        labels.put("__name__", field.name());
        labels.put("hostname", "host_" + host);
        labels.put("region", region);
        labels.put("datacenter", region + (char) ('a' + host / REGIONS.length % 3));
        labels.put("rack", String.valueOf(host * 37 % 100));
        labels.put("os", SYSTEMS[host % SYSTEMS.length]);
        labels.put("arch", ARCHITECTURES[host / 3 % ARCHITECTURES.length]);
        labels.put("team", TEAMS[host / 2 % TEAMS.length]);
        labels.put("service", String.valueOf(host * 7 % 20));
        labels.put("service_version", String.valueOf(host / 5 % 2));
        labels.put("service_environment", ENVIRONMENTS[host % ENVIRONMENTS.length]);
        String source = field.name().substring(0, field.name().indexOf('_'));
        List<String> extra = DevopsFields.EXTRA_LABELS.getOrDefault(source, List.of());
        for (int i = 0; i < extra.size(); i += 2) {
            labels.put(extra.get(i), extra.get(i + 1));
        }
        return new ArrayList<>(labels.entrySet());
    }

    /** Labels of a series as the fields 1 of a remote-write time series. */
    byte[] encodedLabels(int series) {
        ProtoWriter out = new ProtoWriter(1_024);
        for (Map.Entry<String, String> label : labels(series)) {
            byte[] name = label.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = label.getValue().getBytes(StandardCharsets.UTF_8);
            int length = 2 + name.length + 2 + value.length;
            out.bytes(0x0A, length)
                    .bytes(0x0A, name.length)
                    .raw(name)
                    .bytes(0x12, value.length)
                    .raw(value);
        }
        return out.toArray();
    }

    int hosts() {
        return hosts;
    }

    /** Moves every series one step on. */
    public void next(double[] values) {
        List<Field> fields = DevopsFields.ALL;
        int size = fields.size();
        for (int f = 0; f < size; f++) {
            Field field = fields.get(f);
            for (int i = f; i < state.length; i += size) {
                double moved = move(field, state[i]);
                state[i] = moved;
                values[i] = shown(field, moved);
            }
        }
    }

    private double start(Field field) {
        double spread = uniform();
        return switch (field.shape()) {
            case WALK, FULL -> field.low() + (field.high() - field.low()) * (0.2 + 0.6 * spread);
            case COUNTER -> Math.rint(field.low() * 1e5 * spread);
            case CONSTANT -> field.low();
            case RARE -> Math.rint(100 * spread);
        };
    }

    private double move(Field field, double from) {
        return switch (field.shape()) {
            case WALK, FULL -> Math.max(field.low(), Math.min(field.high(), from + field.step() * normal()));
            case COUNTER -> from + Math.max(0, Math.rint(field.low() + field.step() * normal()));
            case CONSTANT -> from;
            case RARE -> uniform() < field.step() ? from + 1 : from;
        };
    }

    private static double shown(Field field, double at) {
        if (field.shape() == Field.Shape.FULL) {
            return at;
        }
        double whole = Math.rint(at);
        return field.unit() < 1 ? whole / Math.rint(1 / field.unit()) : whole * field.unit();
    }

    /** The sum of four uniforms: near enough to a normal distribution, of deviation 1. */
    private double normal() {
        long bits = nextLong();
        double sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        // The low bits of a second draw fill the mantissa, so that full-precision series have no short ones.
        double fine = (nextLong() >>> 11) * 0x1p-53;
        return ((sum + fine) / TWO_POW_16 - 2) * Math.sqrt(3);
    }

    private double uniform() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private long nextLong() {
        random += 0x9E3779B97F4A7C15L;
        long z = random;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
