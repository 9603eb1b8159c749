package io.varve.server.demo.latency.node;

import io.varve.core.model.Labels;
import io.varve.core.telemetry.Window;

/**
 * The recent past of one distribution in one node.
 *
 * @param series name and labels of the distribution, the same in every node that has it
 * @param window what came within it
 */
public record NodeWindow(Labels series, Window window) {}
