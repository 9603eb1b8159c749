package io.varve.server.demo.latency;

import io.varve.server.config.NearestName;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Tells which faults are on; POST with {@code fault} and {@code on=true|false} switches one. */
public final class FaultDoor implements HttpDoor {

    /** Where it is. */
    public static final String PATH = "/demo/latency/faults";

    private final FaultBoard board;

    /** A door to a board. */
    public FaultDoor(FaultBoard board) {
        this.board = board;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (exchange.method().equals("POST")) {
            Parameters parameters = exchange.parameters();
            String name = parameters.first("fault");
            String on = parameters.first("on");
            Fault fault = Fault.of(name)
                    .orElseThrow(() -> HttpProblem.badData("fault is one of " + String.join(", ", Fault.names())
                            + ": fault=" + name + NearestName.hint(name, Fault.names())));
            if (!on.equals("true") && !on.equals("false")) {
                throw HttpProblem.badData("on is true or false: on=" + on);
            }
            board.set(fault, on.equals("true"));
        }
        String states = Arrays.stream(Fault.values())
                .map(fault -> "\"" + fault.text() + "\":" + board.isOn(fault))
                .collect(Collectors.joining(","));
        exchange.respond(HttpAnswer.of(
                200,
                HttpAnswer.JSON,
                ("{\"status\":\"success\",\"data\":{" + states + "}}").getBytes(StandardCharsets.UTF_8)));
    }
}
