package io.varve.server.rules;

import java.time.Duration;
import java.util.List;

/**
 * Rules that are evaluated together, one after the other, each with what those before it have recorded.
 *
 * @param file that it stands in
 * @param name unique in its file
 * @param interval from one evaluation to the next
 * @param queryOffset how far back its queries look, so that late samples are there
 * @param limit most series that a rule may record and most alerts it may have, 0 for any number
 */
public record RuleGroup(
        String file, String name, Duration interval, Duration queryOffset, int limit, List<Rule> rules) {}
