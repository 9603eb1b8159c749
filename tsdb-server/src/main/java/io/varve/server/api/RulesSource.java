package io.varve.server.api;

import io.varve.server.rules.GroupStatus;
import java.net.URI;
import java.util.List;

/** What is known of rules. Asked by any thread. */
public interface RulesSource {

    /** There are no rules. */
    RulesSource NONE = new RulesSource() {
        @Override
        public List<GroupStatus> groups() {
            return List.of();
        }

        @Override
        public List<URI> alertmanagers() {
            return List.of();
        }
    };

    /** All groups as they stand, in the order of their files. */
    List<GroupStatus> groups();

    /** Addresses of the Alertmanagers that hear of alerts. */
    List<URI> alertmanagers();
}
