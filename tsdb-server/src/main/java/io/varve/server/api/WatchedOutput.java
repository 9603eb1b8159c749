package io.varve.server.api;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryControl;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The way of an answer to its client: it ends when the query is cancelled, or takes too long to be sent. */
final class WatchedOutput extends FilterOutputStream {

    private final QueryControl control;
    private final TimeSource clock;
    private final long deadline;

    WatchedOutput(OutputStream out, QueryControl control, TimeSource clock, long deadline) {
        super(out);
        this.control = control;
        this.clock = clock;
        this.deadline = deadline;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (control.isCancelled()) {
            throw new IOException("query was canceled");
        }
        if (clock.nanoTime() - deadline > 0) {
            throw new IOException("the client reads too slowly");
        }
        out.write(bytes, offset, count);
    }
}
