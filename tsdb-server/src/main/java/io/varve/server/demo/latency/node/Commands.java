package io.varve.server.demo.latency.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What clients send: invocations as JSON of a fixed length, and their checksum behind. */
final class Commands {

    /** Bytes of a command. */
    static final int BYTES = 512;

    /** Bytes of JSON. */
    static final int JSON_BYTES = BYTES - Integer.BYTES;

    private static final int DIGITS = 8;
    private static final String TEXT =
            """
            {"invocation":"inv-00000000","service":"Cart","handler":"add","key":"user-00000000",\
            "headers":{"content-type":"application/json","accept":"application/json","idempotency-key":"00000000"},\
            "argument":{"item":{"sku":"book-4711","title":"A history of clay","tags":["paper","used","shipped"]},\
            "amount":00000000,"price":{"currency":"EUR","cents":1995},"gift":false}}""";
    private static final byte[] TEMPLATE = template();
    private static final int REQUEST_AT = TEXT.indexOf("inv-") + 4;
    private static final int KEY_AT = TEXT.indexOf("user-") + 5;
    private static final int AMOUNT_AT = TEXT.indexOf("\"amount\":") + 9;

    private Commands() {}

    private static byte[] template() {
        // JSON allows no number to begin with 0, and blanks behind a value.
        byte[] bytes = TEXT.replace(":00000000,", ":10000000,").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(BYTES)
                .put(bytes)
                .put(" ".repeat(JSON_BYTES - bytes.length).getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** An empty command, to be filled as often as wanted. */
    static byte[] create() {
        return TEMPLATE.clone();
    }

    /**
     * Writes what a command says.
     *
     * @param key of the state that it changes, at most 8 digits
     * @param amount at most 7 digits
     */
    static void fill(byte[] command, long request, int key, int amount, CRC32C crc) {
        digits(command, REQUEST_AT, DIGITS, request);
        digits(command, KEY_AT, DIGITS, key);
        digits(command, AMOUNT_AT + 1, DIGITS - 1, amount);
        ByteBuffer.wrap(command).putInt(JSON_BYTES, checksum(command, crc));
    }

    private static void digits(byte[] command, int at, int count, long number) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            command[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static int checksum(byte[] command, CRC32C crc) {
        crc.reset();
        crc.update(command, 0, JSON_BYTES);
        return (int) crc.getValue();
    }

    /** Whether a command is what was sent. */
    static boolean isSound(byte[] command, CRC32C crc) {
        return ByteBuffer.wrap(command).getInt(JSON_BYTES) == checksum(command, crc);
    }
}
