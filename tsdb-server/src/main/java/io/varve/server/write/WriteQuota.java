package io.varve.server.write;

import java.util.Map;

/**
 * What those who come by a door may write. A request is let in or refused as a whole before its body is read, and paid
 * for once it was decoded: so a refusal costs next to nothing and leaves nothing half written. Any thread.
 */
public interface WriteQuota {

    /** No quota. */
    WriteQuota NONE = new WriteQuota() {
        @Override
        public void admit() {}

        @Override
        public void charge(long samples) {}

        @Override
        public void refused(Map<String, Long> reasons) {}
    };

    /**
     * Lets a request in.
     *
     * @throws io.varve.server.http.HttpProblem if it may not come in now
     */
    void admit();

    /** Takes what a request brought that was let in, also if it failed on the way. */
    void charge(long samples);

    /** What was refused of a request, by reason. */
    void refused(Map<String, Long> reasons);
}
