package io.varve.query.detect.window;

/** Asks after so much work whether to go on; to go on no longer is an exception of the question's. */
final class Pace {

    private static final long WORK = 1 << 20;

    private final Runnable question;
    private long done;

    Pace(Runnable question) {
        this.question = question;
    }

    /** Takes note of work, in values looked at. */
    void worked(long values) {
        done += values;
        if (done >= WORK) {
            done = 0;
            question.run();
        }
    }
}
