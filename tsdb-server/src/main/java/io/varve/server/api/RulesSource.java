package io.varve.server.api;

import io.varve.server.rules.GroupStatus;
import java.net.URI;
import java.util.List;

/** What is known of rules. Asked by any thread. */
public interface RulesSource {

    /** All groups as they stand, in the order of their files. */
    List<GroupStatus> groups();

    /** Addresses of the Alertmanagers that hear of alerts. */
    List<URI> alertmanagers();
}
