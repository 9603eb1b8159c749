package io.varve.server.write;

/** The labels of one series break a rule. It costs that series alone; the message says which rule and where. */
public final class LabelRuleException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /**
     * A broken rule.
     *
     * @param detail names and values, as far as they can be shown
     */
    public LabelRuleException(Refusal refusal, String detail) {
        super(refusal.text() + ": " + detail);
        this.refusal = refusal;
    }

    /** The rule. */
    public Refusal refusal() {
        return refusal;
    }
}
