package io.varve.core.storage;

import java.util.List;

/**
 * What was found, and what could not be read.
 *
 * @param found what there is
 * @param holes what it misses because it is damaged; empty if it is whole
 */
public record Found<T>(T found, List<Hole> holes) {}
