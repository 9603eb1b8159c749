package io.varve.server;

import io.varve.core.telemetry.Telemetry;
import io.varve.server.config.ServerConfig;
import java.util.List;

/** A server without rules, whose configuration never changes. */
final class NoRules {

    static Reload reload(ServerConfig config, Telemetry telemetry) {
        return new Reload(config, () -> config, telemetry, fresh -> new Reload.Prepared(() -> {}, List.of()));
    }

    private NoRules() {}
}
