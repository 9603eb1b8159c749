package io.varve.server;

import io.varve.core.telemetry.Telemetry;
import io.varve.server.api.RulesSource;
import io.varve.server.config.ServerConfig;
import io.varve.server.rules.GroupStatus;
import java.net.URI;
import java.util.List;

/** A server without rules, whose configuration never changes. */
final class NoRules implements RulesSource {

    static Reload reload(ServerConfig config, Telemetry telemetry) {
        return new Reload(config, () -> config, telemetry, fresh -> new Reload.Prepared(() -> {}, List.of()));
    }

    @Override
    public List<GroupStatus> groups() {
        return List.of();
    }

    @Override
    public List<URI> alertmanagers() {
        return List.of();
    }
}
