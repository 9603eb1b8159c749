/**
 * Recording and alerting rules: their files, their evaluation at an interval, alerts and their state, notifications.
 * Entry: {@link io.varve.server.rules.RuleManager}.
 */
@NullMarked
package io.varve.server.rules;

import org.jspecify.annotations.NullMarked;
