package io.varve.benchmarks.query;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Queries that look at each sample of 100 series of twelve hours every ten seconds, in one block, with statistics
 * switched off: the time a sample. The baseline adds up the same values one after the other, from an array.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScanBenchmark {

    private static final int SERIES = 100;
    private static final int SAMPLES = 4_320;
    private static final long STEP = 10_000;
    private static final long START = 1_700_000_000_000L;
    private static final long END = START + SAMPLES * STEP;

    /** What is asked of all windows. */
    @Param({"SUM_OF_ALL", "MEAN_OF_5M", "MAX_OF_1H", "RATE_OF_5M"})
    public Question question = Question.SUM_OF_ALL;

    @Param({"INTEGER", "DECIMAL", "COUNTER"})
    public Shape shape = Shape.INTEGER;

    private final double[] values = new double[SAMPLES];
    private Path directory = Path.of("");
    private @Nullable Tsdb db;
    private @Nullable QueryEngine engine;
    private QueryRequest request = QueryRequest.instant("0", 0);

    /** A query with its step. */
    public enum Question {
        SUM_OF_ALL("sum(sum_over_time(m[13h]))", 0),
        MEAN_OF_5M("avg(avg_over_time(m[5m]))", 300_000),
        MAX_OF_1H("max(max_over_time(m[1h]))", 3_600_000),
        RATE_OF_5M("sum(rate(m[5m]))", 60_000);

        private final String query;
        private final long step;

        Question(String query, long step) {
            this.query = query;
            this.step = step;
        }

        QueryRequest request() {
            return step == 0 ? QueryRequest.instant(query, END) : QueryRequest.range(query, START, END, step);
        }
    }

    /** What values are like. */
    public enum Shape {
        INTEGER,
        DECIMAL,
        COUNTER;

        double next(double before, Random random) {
            return switch (this) {
                case INTEGER -> Math.max(0, Math.min(100, Math.rint(before + 3 * random.nextGaussian())));
                case DECIMAL -> Math.rint(100 * (before + random.nextGaussian() / 4)) / 100;
                case COUNTER -> before + random.nextInt(100_000);
            };
        }
    }

    /** Writes the store. */
    @Setup(Level.Trial)
    public void setUp() throws IOException {
        directory = Files.createTempDirectory("scan");
        Tsdb opened = Tsdb.open(directory, TsdbConfig.defaults());
        db = opened;
        Random random = new Random(1);
        try (Appender appender = opened.appender(Durability.WRITTEN)) {
            for (int series = 0; series < SERIES; series++) {
                long ref = appender.series(Labels.of("__name__", "m", "host", "h" + series));
                double value = 50;
                for (int i = 0; i < SAMPLES; i++) {
                    value = shape.next(value, random);
                    values[i] = value;
                    appender.append(ref, START + (i + 1) * STEP, value);
                }
                appender.commit();
            }
        }
        opened.flush();
        QueryOptions options = QueryOptions.defaults().statistics(false);
        engine = QueryEngine.over(opened, QueryLimits.defaults(), options, QueryWatch.NONE);
        request = question.request();
    }

    /** Takes the store away. */
    @TearDown(Level.Trial)
    public void tearDown() throws IOException {
        Objects.requireNonNull(db).close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    /** The query. */
    @Benchmark
    @OperationsPerInvocation(SERIES * SAMPLES)
    public QueryResult scan() {
        return Objects.requireNonNull(engine).query(request);
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(SERIES * SAMPLES)
    public double oneByOne() {
        double all = 0;
        for (int series = 0; series < SERIES; series++) {
            double sum = 0;
            double error = 0;
            for (double value : values) {
                double next = sum + value;
                error += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
                sum = next;
            }
            all += sum + error;
        }
        return all;
    }
}
