package io.varve.server.cli;

import io.varve.core.Repair;
import io.varve.server.config.ServerConfig;
import io.varve.server.demo.latency.LatencyOptions;
import io.varve.server.demo.latency.node.NodeSettings;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The programs behind the command line that are more than a question to a server. Each returns an exit code. */
public interface Programs {

    /**
     * Runs the server until it is told to stop.
     *
     * @param config reads the configuration; at once, and whenever it is to be reloaded
     */
    int serve(Supplier<ServerConfig> config);

    /** Runs the server, fed with this machine's metrics, until it is told to stop. */
    int demo(Supplier<ServerConfig> config);

    /** Runs the server with a small distributed system beside it, whose latencies it shows. */
    int latency(Supplier<ServerConfig> config, LatencyOptions options);

    /** Runs a node of that system, until the process that started it ends. */
    int latencyNode(NodeSettings settings);

    /** Checks a store and prints what is wrong with it; 0 if nothing is. */
    int verify(Path directory);

    /** Makes a store of a snapshot; 0 if it succeeds. */
    int restore(Path snapshot, Path directory);

    /** Repairs a store and prints what was done and what is lost; 0 if it succeeds. */
    int repair(Path directory, Repair.Options options);
}
