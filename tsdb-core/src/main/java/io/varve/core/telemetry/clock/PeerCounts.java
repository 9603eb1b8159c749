package io.varve.core.telemetry.clock;

/**
 * What became of the exchanges with a peer, since it was first heard of.
 *
 * @param taken exchanges that became part of an estimate
 * @param refused exchanges that cannot have happened so
 * @param doubted exchanges that contradicted what was known, whatever came out of it
 * @param steps times that a clock was found to have stepped
 */
public record PeerCounts(long taken, long refused, long doubted, long steps) {

    static final PeerCounts NONE = new PeerCounts(0, 0, 0, 0);
}
