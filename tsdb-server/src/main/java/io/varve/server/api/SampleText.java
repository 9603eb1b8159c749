package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes samples, {@code [seconds,"value"]}, without an object for each. One thread, for one answer. */
final class SampleText {

    private final ApiTimes times;
    private final ApiNumbers numbers = new ApiNumbers();
    private final char[] text = new char[2 * ApiNumbers.LONGEST + 8];

    SampleText(ApiTimes times) {
        this.times = times;
    }

    void write(JsonGenerator json, long time, double value) throws IOException {
        text[0] = '[';
        int at = times.print(time, text, 1);
        text[at++] = ',';
        text[at++] = '"';
        at = numbers.write(value, text, at);
        text[at++] = '"';
        text[at++] = ']';
        json.writeRawValue(text, 0, at);
    }
}
