package io.varve.server.rules;

import io.varve.core.Tsdb;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.Verdict;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.ActiveQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rules over a store. Safe for any number of threads; each that writes has an appender of its own meanwhile. */
public final class TsdbRuleStore implements RuleStore, AutoCloseable {

    /** What stands for the client's address in the list of queries. */
    private static final String CLIENT = "rules";

    private final Tsdb store;
    private final Supplier<QueryEngine> engine;
    private final Durability durability;
    private final ConcurrentLinkedQueue<Appender> idle = new ConcurrentLinkedQueue<>();
    private volatile @Nullable ActiveQueries active;
    private volatile boolean closed;

    /**
     * Rules over a store that others close.
     *
     * @param engine the one in force
     */
    public TsdbRuleStore(Tsdb store, Supplier<QueryEngine> engine, Durability durability) {
        this.store = store;
        this.engine = engine;
        this.durability = durability;
    }

    /** From now on its queries stand in a list, so that they are seen, and can be ended. */
    public void list(ActiveQueries queries) {
        active = queries;
    }

    @Override
    public Resolution resolution() {
        return store.resolution();
    }

    @Override
    public List<QueryResult.Sample> query(String expression, long time) {
        QueryResult.Value value = value(QueryRequest.instant(expression, time));
        if (value instanceof QueryResult.Vector vector) {
            return vector.samples();
        }
        if (value instanceof QueryResult.Scalar scalar) {
            return List.of(new QueryResult.Sample(Labels.EMPTY, scalar.time(), scalar.value()));
        }
        throw new QueryException(QueryException.Kind.BAD_DATA, "rule result is not a vector or scalar");
    }

    private QueryResult.Value value(QueryRequest request) {
        ActiveQueries list = active;
        if (list == null) {
            return engine.get().query(request).value();
        }
        try (ActiveQuery query = list.begin(request.expression(), CLIENT, () -> false)) {
            query.running();
            QueryResult.Value value =
                    engine.get().query(request, query.control()).value();
            query.ended("answered");
            return value;
        }
    }

    @Override
    public List<Sample> newest(List<Matcher> matchers, long after, long upTo) {
        List<Sample> newest = new ArrayList<>();
        try (Querier querier = store.querier(TimeRange.of(after + 1, upTo));
                SeriesSet set = querier.select(matchers.toArray(new Matcher[0]))) {
            while (set.next()) {
                ColumnCursor cursor = set.columns();
                Sample last = null;
                while (cursor.nextPage()) {
                    int index = cursor.size() - 1;
                    boolean floats = cursor.kind() == SampleKind.FLOAT;
                    last = new Sample(
                            set.labels(),
                            cursor.times()[index],
                            floats ? cursor.values()[index] : 0,
                            floats ? null : cursor.histogram(index));
                }
                if (last != null) {
                    newest.add(last);
                }
            }
        }
        return newest;
    }

    @Override
    public int write(List<Sample> samples) {
        Appender reused = idle.poll();
        Appender appender = reused == null ? store.appender(durability) : reused;
        try {
            int refused = 0;
            for (Sample sample : samples) {
                Verdict verdict = append(appender, sample);
                if (verdict == Verdict.BATCH_FULL) {
                    refused += refused(appender.commit());
                    verdict = append(appender, sample);
                }
                refused += verdict.isRefusal() ? 1 : 0;
            }
            refused += refused(appender.commit());
            if (closed) {
                appender.close();
            } else {
                idle.add(appender);
            }
            return refused;
        } catch (CommitException e) {
            appender.close();
            throw new IllegalStateException("cannot keep samples of a rule: " + e.getMessage(), e);
        }
    }

    private static Verdict append(Appender appender, Sample sample) {
        Histogram histogram = sample.histogram();
        long ref = appender.series(sample.labels());
        return histogram == null
                ? appender.append(ref, sample.time(), sample.value())
                : appender.append(ref, sample.time(), histogram);
    }

    private static int refused(@Nullable Commit commit) {
        return commit == null ? 0 : commit.refused();
    }

    /** Lets go of its appenders. */
    @Override
    public void close() {
        closed = true;
        for (Appender appender = idle.poll(); appender != null; appender = idle.poll()) {
            appender.close();
        }
    }
}
