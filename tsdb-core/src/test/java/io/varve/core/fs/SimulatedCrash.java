package io.varve.core.fs;

/** The simulated machine has stopped: nothing more happens in the process that sees this. The engine lets it pass. */
public final class SimulatedCrash extends Error {

    private static final long serialVersionUID = 1L;

    /** @param where the call at which the machine stopped */
    public SimulatedCrash(String where) {
        super("the simulated machine has stopped: " + where);
    }
}
