package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.server.config.LimitsConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.RequestPeaks;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.Router;
import io.varve.server.write.IdleStates;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteMetrics;
import io.varve.server.write.WriteQuota;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.RemoteWriteFormat;
import io.varve.server.write.text.TextImportFormat;
import java.util.Set;

/** The doors for samples: remote write and import. Closed after the HTTP server and before the store. */
final class WriteRoutes implements AutoCloseable {

    private static final int KEPT_BYTES = 4 << 20;
    private static final int IDLE_STATES = 16;

    private static final String REMOTE_WRITE = "/api/v1/write";
    private static final String IMPORT = "/api/v1/import/prometheus";
    private static final Set<String> PATHS = Set.of(REMOTE_WRITE, IMPORT);

    private final WriteDoor<RemoteWriteFormat.State> remote;
    private final WriteDoor<TextImportFormat.State> text;

    private WriteRoutes(WriteDoor<RemoteWriteFormat.State> remote, WriteDoor<TextImportFormat.State> text) {
        this.remote = remote;
        this.text = text;
    }

    /**
     * What the doors of one store have.
     *
     * @param metadata takes what senders say of metrics
     * @param gate lets so many requests work at once
     * @param quota says whether a request may come in
     * @param idleStates states of ended requests that are kept for the next ones
     * @param keptBytes of buffers that a state keeps
     * @param textBytes that an import may expand to
     */
    record Setting(
            Tsdb store,
            MetadataStore metadata,
            ConcurrencyGate gate,
            WriteQuota quota,
            int idleStates,
            int keptBytes,
            long textBytes) {

        /** Of the default tenant. */
        static Setting standard(Tsdb store, ServerConfig config, ServerUse use, WriteQuota quota) {
            return new Setting(
                    store,
                    use.metadata(),
                    use.writes(),
                    quota,
                    IDLE_STATES,
                    KEPT_BYTES,
                    config.limits().importBytes());
        }
    }

    /** Adds the routes to a router. */
    static WriteRoutes register(
            Router router, ServerConfig config, Setting setting, TsdbRuntime runtime, RequestPeaks peaks) {
        WriteLimits limits = limits(config.limits(), setting, peaks);
        Tsdb store = setting.store();
        MetadataStore metadata = setting.metadata();
        WriteDoor<RemoteWriteFormat.State> remote = new WriteDoor<>(
                new RemoteWriteFormat(),
                new IdleStates<>(
                        setting.idleStates(),
                        () -> RemoteWriteFormat.State.create(session(store), limits, metadata),
                        state -> state.session().close()),
                setting.gate(),
                setting.quota(),
                config.durability(),
                new WriteMetrics(runtime.telemetry(), "remote_write"));
        WriteDoor<TextImportFormat.State> text = new WriteDoor<>(
                new TextImportFormat(limits, runtime.clock()),
                new IdleStates<>(
                        setting.idleStates(),
                        () -> new TextImportFormat.State(session(store), limits, metadata),
                        state -> state.session().close()),
                setting.gate(),
                setting.quota(),
                config.durability(),
                new WriteMetrics(runtime.telemetry(), "import"));
        router.route("POST", REMOTE_WRITE, remote).route("POST", IMPORT, text);
        return new WriteRoutes(remote, text);
    }

    /** Whether a request brings samples. */
    static boolean isWrite(HttpExchange exchange) {
        return exchange.method().equals("POST") && PATHS.contains(exchange.path());
    }

    private static WriteSession session(Tsdb store) {
        return new WriteSession(store::appender, store.resolution());
    }

    /** What requests of writers may cost. */
    static WriteLimits limits(LimitsConfig limits, Setting setting, RequestPeaks peaks) {
        return new WriteLimits(
                limits.decompressedBytes(),
                setting.keptBytes(),
                limits.labelsPerSeries(),
                limits.labelNameBytes(),
                limits.labelValueBytes(),
                limits.histogramBuckets(),
                limits.histogramsPerRequest(),
                limits.lineBytes(),
                setting.textBytes(),
                limits.writeConcurrency(),
                peaks);
    }

    @Override
    public void close() {
        remote.close();
        text.close();
    }
}
