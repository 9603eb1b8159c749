package io.varve.server.demo.latency.node;

import io.varve.core.model.Resolution;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a node runs.
 *
 * @param role what it is
 * @param control port of the command that started it, on this machine
 * @param directory where it may write
 * @param kit whether the telemetry kit is used
 * @param rate commands a second that the processor's clients send; 0 for as many as the system takes
 * @param resolution of the store that takes its metrics
 */
public record NodeSettings(Role role, int control, Path directory, boolean kit, int rate, Resolution resolution) {

    private static final int ROOM_BY_RATE = 8_192;
    private static final int ROOM_FULL_LOAD = 1_024;

    /** Commands that are on their way at most. */
    int room() {
        return rate == 0 ? ROOM_FULL_LOAD : ROOM_BY_RATE;
    }

    /** What a node is. */
    public enum Role {
        /** Hands commands to the log, reads them back and applies them. */
        PROCESSOR(1),
        /** The log with its sequencer, and the metadata store. */
        LOG(2);

        private final int number;

        Role(int number) {
            this.number = number;
        }

        /** As it is sent. */
        int number() {
            return number;
        }

        /**
         * The role of that number.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Role of(int number) {
            for (Role role : values()) {
                if (role.number == number) {
                    return role;
                }
            }
            throw new IllegalArgumentException("role of a node is 1 or 2: role=" + number);
        }

        /** As it is written in labels and on the command line. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
