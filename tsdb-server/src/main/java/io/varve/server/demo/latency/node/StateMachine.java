package io.varve.server.demo.latency.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** The state of a partition: what each key's commands add up to. One thread. */
final class StateMachine {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Long> state = new HashMap<>();
    private final CRC32C crc = new CRC32C();

    /**
     * Applies a command.
     *
     * @return the answer for the client
     * @throws IOException if it is damaged
     */
    byte[] apply(byte[] command) throws IOException {
        if (!Commands.isSound(command, crc)) {
            throw new IOException("a command is damaged");
        }
        String key = "";
        long amount = 0;
        try (JsonParser parser = JSON.createParser(command, 0, Commands.JSON_BYTES)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && "key".equals(parser.currentName())) {
                    key = parser.getText();
                } else if (token == JsonToken.VALUE_NUMBER_INT && "amount".equals(parser.currentName())) {
                    amount = parser.getLongValue();
                }
            }
        }
        long now = state.merge(key, amount, Long::sum);
        return ("{\"key\":\"" + key + "\",\"amount\":" + now + "}").getBytes(StandardCharsets.UTF_8);
    }
}
