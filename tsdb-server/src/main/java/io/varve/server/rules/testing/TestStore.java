package io.varve.server.rules.testing;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryWatch;
import io.varve.server.rules.RuleStore;
import io.varve.server.rules.TsdbRuleStore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store of one test, in a directory that is gone once it is closed. It is given samples as time goes on. */
final class TestStore implements AutoCloseable {

    private static final int BATCH = 1_000;

    private final Path directory;
    private final Tsdb db;
    private final TsdbRuleStore rules;
    private final List<Given> given = new ArrayList<>();
    private final Duration interval;
    private Instant next;

    /** A series and where it stands. */
    private record Given(Labels labels, SeriesNotation.Walk walk) {}

    TestStore(RuleTest test, QueryOptions options) throws IOException {
        this.directory = Files.createTempDirectory("varve-test-rules");
        Tsdb opened = null;
        try {
            opened = Tsdb.open(directory.resolve("store"), TsdbConfig.defaults());
        } finally {
            if (opened == null) {
                delete();
            }
        }
        this.db = opened;
        QueryEngine engine = QueryEngine.over(db, QueryLimits.defaults(), options, QueryWatch.NONE);
        this.rules = new TsdbRuleStore(db, () -> engine, Durability.MEMORY);
        this.interval = test.interval();
        this.next = test.start();
        test.inputs().forEach(input -> given.add(new Given(input.labels(), new SeriesNotation.Walk(input.values()))));
    }

    RuleStore rules() {
        return rules;
    }

    Resolution resolution() {
        return db.resolution();
    }

    /** Gives it the samples up to a time. */
    void fill(Instant upTo) {
        List<RuleStore.Sample> batch = new ArrayList<>();
        for (; !next.isAfter(upTo) && !given.isEmpty(); next = next.plus(interval)) {
            long at = db.resolution().ticks(next);
            given.removeIf(series -> !series.walk().hasNext());
            for (Given series : given) {
                SeriesNotation.Walk walk = series.walk();
                if (!walk.isBlank()) {
                    batch.add(new RuleStore.Sample(series.labels(), at, walk.value(), walk.histogram()));
                }
                walk.next();
                if (batch.size() == BATCH) {
                    write(batch);
                }
            }
        }
        write(batch);
    }

    private void write(List<RuleStore.Sample> batch) {
        if (!batch.isEmpty() && rules.write(batch) > 0) {
            throw new IllegalStateException("the store refused samples of input_series");
        }
        batch.clear();
    }

    @Override
    public void close() throws IOException {
        try {
            rules.close();
            db.close();
        } finally {
            delete();
        }
    }

    private void delete() throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
