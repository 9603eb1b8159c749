package io.varve.server.rules;

import java.time.Duration;
import java.util.List;
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
 * @param recorded what recording rules write, of which alerts are led back to what was measured
 */
public record AlertSetting(
        Map<String, String> externalLabels,
        String externalUrl,
        Duration gracePeriod,
        Duration outageTolerance,
        Duration resendDelay,
        AlertLocator locator,
        RecordedSeries recorded) {

    /** As Prometheus has it; alerts are not located. */
    public static AlertSetting defaults(Map<String, String> externalLabels, String externalUrl) {
        return new AlertSetting(
                externalLabels,
                externalUrl,
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                AlertLocator.NONE,
                RecordedSeries.NONE);
    }

    /**
     * The same, where alerts are located.
     *
     * @param groups all groups of rules over the same store
     */
    public AlertSetting locating(AlertLocator by, List<RuleGroup> groups) {
        return new AlertSetting(
                externalLabels, externalUrl, gracePeriod, outageTolerance, resendDelay, by, RecordedSeries.of(groups));
    }
}
