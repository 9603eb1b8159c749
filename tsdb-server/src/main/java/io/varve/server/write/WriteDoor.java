package io.varve.server.write;

import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/**
 * The frame of every door for samples: admits a bounded number of requests at a time, lends a state to each while it
 * is decoded, and answers when its commits are durable. One request is one batch, unless it is larger than a batch.
 *
 * <p>Decoding runs in the HTTP thread; the answer is sent from the engine's thread. Safe for any number of threads.
 *
 * @param <S> what a request needs while it is decoded
 */
public final class WriteDoor<S> implements HttpDoor {

    /** How a format differs from the others. */
    public interface Format<S> {

        /**
         * Refuses requests that are not of this format, before their body is read.
         *
         * @throws io.varve.server.http.HttpProblem 415 if its headers say so
         */
        void check(HttpExchange exchange);

        /** The session of a state. */
        WriteSession session(S state);

        /**
         * Decodes the body into the state's session.
         *
         * @throws io.varve.server.http.HttpProblem if it cannot be decoded; what is not committed is dropped
         */
        void decode(HttpExchange exchange, S state) throws IOException;

        /** Lets go of large buffers when a request is over. */
        void trim(S state);
    }

    private final Format<S> format;
    private final IdleStates<S> states;
    private final ConcurrencyGate gate;
    private final WriteQuota quota;
    private final Durability durability;
    private final WriteMetrics metrics;

    /** A door for whom no quota holds. */
    public WriteDoor(
            Format<S> format, IdleStates<S> states, ConcurrencyGate gate, Durability durability, WriteMetrics metrics) {
        this(format, states, gate, WriteQuota.NONE, durability, metrics);
    }

    /**
     * A door.
     *
     * @param quota says whether a request may come in, and is told what it brought
     * @param gate bounds the requests that are decoded or wait for their commit
     * @param durability what is promised to a request that asks for nothing
     */
    public WriteDoor(
            Format<S> format,
            IdleStates<S> states,
            ConcurrencyGate gate,
            WriteQuota quota,
            Durability durability,
            WriteMetrics metrics) {
        this.format = format;
        this.states = states;
        this.gate = gate;
        this.quota = quota;
        this.durability = durability;
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Durability asked = WriteAnswers.durability(exchange, durability);
        format.check(exchange);
        quota.admit();
        gate.enter();
        boolean answering = false;
        S state = states.take();
        WriteSession session = format.session(state);
        try {
            session.begin(asked);
            format.decode(exchange, state);
            session.finish().whenComplete((report, failure) -> {
                gate.leave();
                if (report != null) {
                    metrics.count(report);
                    quota.refused(report.reasons());
                }
                exchange.respond(WriteAnswers.answer(asked, report, failure));
            });
            answering = true;
        } catch (CommitException | CompletionException e) {
            throw WriteAnswers.problem(e);
        } finally {
            quota.charge(session.samples());
            if (!answering) {
                session.abandon();
                gate.leave();
            }
            format.trim(state);
            states.give(state);
        }
    }

    /** Lets go of everything that is idle; requests in flight let go of theirs when they end. */
    public void close() {
        states.close();
    }
}
