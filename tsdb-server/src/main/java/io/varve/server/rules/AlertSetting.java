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
 * @param locator finds where the cause of an alert shows
 */
public record AlertSetting(
        Map<String, String> externalLabels,
        String externalUrl,
        Duration gracePeriod,
        Duration outageTolerance,
        Duration resendDelay,
        AlertLocator locator) {

    /** As Prometheus has it; alerts are not located. */
    public static AlertSetting defaults(Map<String, String> externalLabels, String externalUrl) {
        return new AlertSetting(
                externalLabels,
                externalUrl,
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                AlertLocator.NONE);
    }

    /** The same, where alerts are located. */
    public AlertSetting locating(AlertLocator by) {
        return new AlertSetting(externalLabels, externalUrl, gracePeriod, outageTolerance, resendDelay, by);
    }
}
