package io.varve.server.write.remote;

import io.varve.server.http.BodyBytes;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import java.io.IOException;
import java.util.Locale;

/** Remote write 1.0 over HTTP: headers, and the decoder of the body. Senders of 2.0 are told 415 and fall back. */
public final class RemoteWriteFormat implements WriteDoor.Format<RemoteWriteFormat.State> {

    private static final String TYPE = "application/x-protobuf";
    private static final String MESSAGE = "prometheus.writerequest";

    /** What a request needs while it is decoded. */
    public record State(WriteSession session, RemoteWriteDecoder decoder) {

        /** A new state. */
        public static State create(WriteSession session, WriteLimits limits, MetadataStore metadata) {
            return new State(session, new RemoteWriteDecoder(limits, metadata));
        }
    }

    /** The format. */
    public RemoteWriteFormat() {}

    @Override
    public void check(HttpExchange exchange) {
        String type = header(exchange, "Content-Type");
        String[] parts = type.split(";", -1);
        boolean known = parts[0].strip().equals(TYPE);
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            known &= !part.startsWith("proto=")
                    || part.substring("proto=".length()).replace("\"", "").equals(MESSAGE);
        }
        if (!known) {
            throw unsupported("Content-Type is " + TYPE + " with remote write 1.0 messages", type);
        }
        String encoding = header(exchange, "Content-Encoding");
        if (!encoding.equals("snappy")) {
            throw unsupported("Content-Encoding is snappy", encoding);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.header(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }

    private static HttpProblem unsupported(String rule, String value) {
        return HttpProblem.of(ErrorType.BAD_DATA, 415, rule + ": value=" + LabelRules.shown(value));
    }

    @Override
    public WriteSession session(State state) {
        return state.session();
    }

    @Override
    public void decode(HttpExchange exchange, State state) throws IOException {
        BodyBytes body = exchange.body();
        try {
            state.decoder().decodeSnappy(body.array(), 0, body.length(), state.session());
        } catch (MalformedWriteException e) {
            boolean tooLarge = e.kind() == MalformedWriteException.Kind.TOO_LARGE;
            throw HttpProblem.of(ErrorType.BAD_DATA, tooLarge ? 413 : 400, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void trim(State state) {
        state.decoder().trim();
    }
}
