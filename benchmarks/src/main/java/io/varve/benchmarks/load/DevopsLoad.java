package io.varve.benchmarks.load;

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
public final class DevopsLoad implements Load {

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

    private final int hosts;
    private final double[] state;
    private final Draws draws;

    /** A load of so many hosts at its beginning. */
    public DevopsLoad(long seed, int hosts) {
        this.hosts = hosts;
        this.draws = new Draws(seed);
        this.state = new double[hosts * DevopsFields.ALL.size()];
        for (int i = 0; i < state.length; i++) {
            state[i] = start(field(i));
        }
    }

    @Override
    public int seriesCount() {
        return state.length;
    }

    static Field field(int series) {
        return DevopsFields.ALL.get(series % DevopsFields.ALL.size());
    }

    @Override
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

    int hosts() {
        return hosts;
    }

    @Override
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
        double spread = draws.uniform();
        return switch (field.shape()) {
            case WALK, FULL -> field.low() + (field.high() - field.low()) * (0.2 + 0.6 * spread);
            case COUNTER -> Math.rint(field.low() * 1e5 * spread);
            case CONSTANT -> field.low();
            case RARE -> Math.rint(100 * spread);
        };
    }

    private double move(Field field, double from) {
        return switch (field.shape()) {
            case WALK, FULL -> Math.max(field.low(), Math.min(field.high(), from + field.step() * draws.normal()));
            case COUNTER -> from + Math.max(0, Math.rint(field.low() + field.step() * draws.normal()));
            case CONSTANT -> from;
            case RARE -> draws.uniform() < field.step() ? from + 1 : from;
        };
    }

    private static double shown(Field field, double at) {
        if (field.shape() == Field.Shape.FULL) {
            return at;
        }
        double whole = Math.rint(at);
        return field.unit() < 1 ? whole / Math.rint(1 / field.unit()) : whole * field.unit();
    }
}
