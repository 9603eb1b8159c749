package io.varve.server.scrape;

import io.varve.core.model.Labels;
import java.util.List;

/**
 * A job as it stands.
 *
 * @param dropped labels of targets that relabelling drops, as they were discovered, up to the job's limit
 * @param droppedCount how many it drops in all
 */
public record JobStatus(String name, List<TargetStatus> targets, List<Labels> dropped, int droppedCount) {}
