package io.varve.core.telemetry;

import java.util.Locale;

/**
 * Which share of messages is stamped and recorded. Of the others it is known that they came, failed, or were slow:
 * counts, failures and slow ones are not lost by it. Immutable.
 *
 * @param isAdaptive whether the share follows what recording costs
 * @param value the share if it is fixed; else the budget: most that recording may cost, as a share of the processor
 * time of the process; above 0, at most 1
 */
public record Sampling(boolean isAdaptive, double value) {

    /** Least share of messages that is recorded, whatever it costs. */
    public static final double LEAST_RATIO = 1.0 / 65_536;

    /** Budget unless another is named. */
    public static final double DEFAULT_BUDGET = 0.01;

    private static final String RULE =
            "sampling is 'fixed RATE', 'adaptive' or 'adaptive BUDGET', numbers above 0 and at most 1: sampling=";

    /** Checks the range; a fixed share below {@link #LEAST_RATIO} is that. */
    public Sampling {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    (isAdaptive ? "budget" : "rate") + " of sampling is above 0 and at most 1: value=" + value);
        }
        value = isAdaptive ? value : Math.max(LEAST_RATIO, value);
    }

    /**
     * A fixed share.
     *
     * @param rate above 0, at most 1
     */
    public static Sampling fixed(double rate) {
        return new Sampling(false, rate);
    }

    /** As many as cost {@link #DEFAULT_BUDGET} of the processor time. */
    public static Sampling adaptive() {
        return adaptive(DEFAULT_BUDGET);
    }

    /**
     * As many as a budget pays for.
     *
     * @param budget share of the process's processor time, above 0, at most 1
     */
    public static Sampling adaptive(double budget) {
        return new Sampling(true, budget);
    }

    /**
     * From configuration: {@code fixed 0.1}, {@code adaptive} or {@code adaptive 0.02}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Sampling parse(String text) {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
        boolean adaptive = words[0].equals("adaptive");
        if (adaptive && words.length == 1) {
            return adaptive();
        }
        if (words.length != 2 || !(adaptive || words[0].equals("fixed"))) {
            throw new IllegalArgumentException(RULE + text);
        }
        try {
            return new Sampling(adaptive, Double.parseDouble(words[1]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(RULE + text, e);
        }
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return (isAdaptive ? "adaptive " : "fixed ") + value;
    }
}
