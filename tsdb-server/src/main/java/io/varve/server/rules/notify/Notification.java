package io.varve.server.rules.notify;

import io.varve.core.model.Labels;
import java.time.Instant;
import java.util.Map;

/**
 * What a receiver hears of an alert.
 *
 * @param labels which alert it is
 * @param endsAt when it ended, or until when it counts as firing if nothing more is heard of it
 * @param generatorUrl where its expression can be looked at
 */
public record Notification(
        Labels labels,
        Map<String, String> annotations,
        Instant startsAt,
        Instant endsAt,
        boolean resolved,
        String generatorUrl) {

    /** The same with other labels. */
    Notification with(Labels other) {
        return new Notification(other, annotations, startsAt, endsAt, resolved, generatorUrl);
    }
}
