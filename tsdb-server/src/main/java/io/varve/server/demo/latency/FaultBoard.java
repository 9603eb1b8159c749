package io.varve.server.demo.latency;

import io.varve.server.demo.latency.node.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Which faults are on, and who has to know. Any thread. */
public final class FaultBoard {

    private final Set<Fault> on = EnumSet.noneOf(Fault.class);
    private final List<BiConsumer<Fault, Boolean>> listeners = new ArrayList<>();

    /** Nothing goes wrong. */
    public FaultBoard() {}

    /** Tells someone of every fault as it is now, and of every change. */
    synchronized void follow(BiConsumer<Fault, Boolean> listener) {
        listeners.add(listener);
        for (Fault fault : Fault.values()) {
            listener.accept(fault, on.contains(fault));
        }
    }

    /** Switches a fault on or off. */
    synchronized void set(Fault fault, boolean value) {
        if (value ? on.add(fault) : on.remove(fault)) {
            listeners.forEach(listener -> listener.accept(fault, value));
        }
    }

    /** Switches a fault on if it is off, and off if it is on. */
    synchronized void toggle(Fault fault) {
        set(fault, !isOn(fault));
    }

    synchronized boolean isOn(Fault fault) {
        return on.contains(fault);
    }
}
