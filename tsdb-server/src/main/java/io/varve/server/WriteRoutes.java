package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.server.config.LimitsConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.Router;
import io.varve.server.write.IdleStates;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteMetrics;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.RemoteWriteFormat;
import io.varve.server.write.text.TextImportFormat;

/** The doors for samples: remote write and import. Closed after the HTTP server and before the store. */
final class WriteRoutes implements AutoCloseable {

    private static final int KEPT_BYTES = 4 << 20;
    private static final int IDLE_STATES = 16;

    private final WriteDoor<RemoteWriteFormat.State> remote;
    private final WriteDoor<TextImportFormat.State> text;

    private WriteRoutes(WriteDoor<RemoteWriteFormat.State> remote, WriteDoor<TextImportFormat.State> text) {
        this.remote = remote;
        this.text = text;
    }

    /** Adds the routes to a router. */
    static WriteRoutes register(Router router, ServerConfig config, Tsdb store, TsdbRuntime runtime, ServerUse use) {
        WriteLimits limits = limits(config.limits(), use);
        MetadataStore metadata = use.metadata();
        ConcurrencyGate gate = use.writes();
        WriteDoor<RemoteWriteFormat.State> remote = new WriteDoor<>(
                new RemoteWriteFormat(),
                new IdleStates<>(
                        IDLE_STATES,
                        () -> RemoteWriteFormat.State.create(session(store), limits, metadata),
                        state -> state.session().close()),
                gate,
                config.durability(),
                new WriteMetrics(runtime.telemetry(), "remote_write"));
        WriteDoor<TextImportFormat.State> text = new WriteDoor<>(
                new TextImportFormat(limits, runtime.clock()),
                new IdleStates<>(
                        IDLE_STATES,
                        () -> new TextImportFormat.State(session(store), limits, metadata),
                        state -> state.session().close()),
                gate,
                config.durability(),
                new WriteMetrics(runtime.telemetry(), "import"));
        router.route("POST", "/api/v1/write", remote).route("POST", "/api/v1/import/prometheus", text);
        return new WriteRoutes(remote, text);
    }

    private static WriteSession session(Tsdb store) {
        return new WriteSession(store::appender, store.resolution());
    }

    private static WriteLimits limits(LimitsConfig limits, ServerUse use) {
        return new WriteLimits(
                limits.decompressedBytes(),
                KEPT_BYTES,
                limits.labelsPerSeries(),
                limits.labelNameBytes(),
                limits.labelValueBytes(),
                limits.histogramBuckets(),
                limits.histogramsPerRequest(),
                limits.lineBytes(),
                limits.importBytes(),
                limits.writeConcurrency(),
                use.peaks());
    }

    @Override
    public void close() {
        remote.close();
        text.close();
    }
}
