package io.varve.server.rules;

import java.time.Duration;
import java.util.Map;

/**
 * What all alerts have in common.
 *
 * @param externalLabels labels of this server, for templates and receivers
 * @param externalUrl where people reach this server
 * @param gracePeriod least time that an alert whose wait was interrupted by a restart waits behind it
 * @param outageTolerance longest outage behind which alerts go on as before
 * @param resendDelay from one notification of the same firing alert to the next
 */
public record AlertSetting(
        Map<String, String> externalLabels,
        String externalUrl,
        Duration gracePeriod,
        Duration outageTolerance,
        Duration resendDelay) {

    /** As Prometheus has it. */
    public static AlertSetting defaults(Map<String, String> externalLabels, String externalUrl) {
        return new AlertSetting(
                externalLabels, externalUrl, Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1));
    }
}
