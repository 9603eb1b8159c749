package io.varve.server.rules;

import java.time.Duration;

/** What is counted of rules. Safe for any number of threads. */
public interface RuleMetrics {

    /** A group was evaluated. */
    void evaluated(Duration took);

    /** A rule could not be evaluated. */
    void failed();

    /** A group was not evaluated, since it was still at its evaluation before. */
    void missed();

    /** Samples of rules were refused by the store. */
    void refused(int samples);
}
