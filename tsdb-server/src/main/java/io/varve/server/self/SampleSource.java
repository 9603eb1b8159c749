package io.varve.server.self;

/** Has values to tell, whenever it is asked. */
@FunctionalInterface
public interface SampleSource {

    /** Hands the present values to a sink, which is valid during the call only. */
    void collect(SampleSink sink);
}
