package io.varve.server.demo.latency.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What can be made to go wrong in the example. */
public enum Fault {
    /** Each append of the log takes 60 to 120 ms longer. */
    SLOW_DISK(1),
    /** The sequencer has no leader: appends wait for one, and fail. */
    LOST_LEADER(2),
    /** The clock of the log's node is 30 ms ahead. */
    CLOCK_OFF(3);

    private final int number;

    Fault(int number) {
        this.number = number;
    }

    /** As it is typed, and sent. */
    public int number() {
        return number;
    }

    /** As the command line names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The fault of that name or number; empty if there is none. */
    public static Optional<Fault> of(String text) {
        for (Fault fault : values()) {
            if (fault.text().equals(text) || Integer.toString(fault.number).equals(text)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    /** All names, in order. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Fault fault : values()) {
            names.add(fault.text());
        }
        return List.copyOf(names);
    }

    /** Which faults are on in a node. Any thread. */
    static final class Switches {

        private final Set<Fault> on = ConcurrentHashMap.newKeySet();

        boolean isOn(Fault fault) {
            return !on.isEmpty() && on.contains(fault);
        }

        void set(Fault fault, boolean value) {
            if (value) {
                on.add(fault);
            } else {
                on.remove(fault);
            }
        }
    }
}
