package io.varve.core.storage;

/**
 * Which pages a reader need not see, because their summary says all that it wants to know. Asked for whole pages only,
 * whose samples no other block, late sample or deletion touches.
 */
public interface SummaryRule {

    /** Every page is decoded. */
    SummaryRule NONE = new SummaryRule() {
        @Override
        public boolean fits(long firstTime, long lastTime) {
            return false;
        }

        @Override
        public boolean suffices(PageSummary summary) {
            return false;
        }
    };

    /** Whether a page between these times, both of samples, need not be seen if its summary suffices. */
    boolean fits(long firstTime, long lastTime);

    /** Whether a summary says all. */
    boolean suffices(PageSummary summary);
}
