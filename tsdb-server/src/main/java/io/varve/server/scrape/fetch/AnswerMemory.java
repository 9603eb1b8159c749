package io.varve.server.scrape.fetch;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the answers of all targets may hold at a time. Safe for any thread. */
public final class AnswerMemory {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** Memory of so many bytes. */
    public AnswerMemory(long most) {
        this.most = most;
    }

    /** Takes bytes; false, with none taken, if there are too few. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) > most) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes that are held now. */
    public long held() {
        return held.get();
    }
}
