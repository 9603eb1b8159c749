package io.varve.server.http;

import java.io.IOException;
import java.io.OutputStream;

/** A body that is made while it is sent, so that nobody holds all of it. */
@FunctionalInterface
public interface AnswerBody {

    /**
     * Writes the whole body; once, on the thread that answers.
     *
     * @throws IOException what the stream throws: the client has gone, or there is no use in going on
     */
    void writeTo(OutputStream out) throws IOException;
}
