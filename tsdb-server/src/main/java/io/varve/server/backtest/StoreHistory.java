package io.varve.server.backtest;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Resolution;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The store of a directory that no other process has open. */
public final class StoreHistory implements History {

    private final Tsdb store;
    private final QueryEngine engine;
    private final Resolution resolution;

    private StoreHistory(Tsdb store) {
        this.store = store;
        this.engine = QueryEngine.over(store);
        this.resolution = store.resolution();
    }

    /**
     * Opens a store.
     *
     * @throws BacktestException if there is none, or it can't be opened
     */
    public static StoreHistory open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new BacktestException("cannot read " + directory + ": there is no store; name its directory with "
                    + "--data, or a running server with --url");
        }
        try {
            return new StoreHistory(Tsdb.open(directory, TsdbConfig.defaults()));
        } catch (IOException e) {
            throw new BacktestException(
                    "cannot read " + directory + ": " + e.getMessage() + ": ask the server that has it open with --url",
                    e);
        }
    }

    @Override
    public void read(BacktestSettings settings, long fromMs, long toMs, Sink sink) {
        long to = resolution.ticksOfMillis(toMs);
        QueryRequest request = settings.stepMs() == 0
                ? QueryRequest.instant(Backtest.window(settings.expression(), fromMs, toMs), to)
                : QueryRequest.range(
                        settings.expression(),
                        resolution.ticksOfMillis(fromMs),
                        to,
                        resolution.ticksOfMillis(settings.stepMs()));
        QueryResult result;
        try {
            result = engine.query(request);
        } catch (QueryException e) {
            throw new BacktestException(Backtest.refused(settings, String.valueOf(e.getMessage())), e);
        }
        if (!(result.value() instanceof QueryResult.Matrix matrix)) {
            throw new BacktestException(Backtest.refused(settings, "it has no series"));
        }
        long ticksOfMs = resolution.ticksOfMillis(1);
        for (QueryResult.Series series : matrix.series()) {
            long[] times = new long[series.times().length];
            for (int i = 0; i < times.length; i++) {
                times[i] = Math.floorDiv(series.times()[i], ticksOfMs);
            }
            sink.take(series.labels().toString(), times.length, times, series.values());
        }
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new BacktestException("cannot close the store: " + e.getMessage(), e);
        }
    }
}
