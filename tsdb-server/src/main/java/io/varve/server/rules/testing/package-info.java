/**
 * Unit tests of rules, in the format of promtool: series that are given, alerts and answers that are expected. Rules
 * are evaluated by the classes that a server evaluates them with, over a store in a temporary directory.
 *
 * <p>Entry: {@link io.varve.server.rules.testing.RuleTests}. Imported by {@code server.cli} alone. Everything runs in
 * the calling thread. The format is described in docs/alerting.md.
 */
@NullMarked
package io.varve.server.rules.testing;

import org.jspecify.annotations.NullMarked;
