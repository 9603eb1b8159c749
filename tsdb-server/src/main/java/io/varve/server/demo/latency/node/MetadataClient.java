package io.varve.server.demo.latency.node;

import io.varve.server.demo.latency.node.MetadataStore.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What the processor wants of the metadata store, all the time: mostly it looks for news, now and then it changes
 * something, sometimes by a version that is no longer the newest. One thread; the version is read by others.
 */
final class MetadataClient {

    private static final String[] KEYS = {"nodes-config", "partition-table", "logs", "schema", "snapshot"};
    private static final int PAUSE_MILLIS = 10;

    private final FrameWriter out;
    private final FrameReader in;
    private final long[] known = new long[KEYS.length];
    private volatile long version;

    MetadataClient(int port) throws IOException {
        Socket store = new Socket(InetAddress.getLoopbackAddress(), port);
        store.setTcpNoDelay(true);
        out = new FrameWriter(store.getOutputStream());
        in = new FrameReader(store.getInputStream());
    }

    /** Version of all metadata that was seen. */
    long version() {
        return version;
    }

    /** Asks for ever. */
    void run() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            int key = random.nextInt(KEYS.length);
            int dice = random.nextInt(100);
            Operation operation = Operation.GET;
            if (dice < 20) {
                operation = Operation.PUT;
            } else if (dice < 25) {
                operation = Operation.DELETE;
            } else if (dice < 60) {
                operation = Operation.GET_VERSION;
            }
            boolean stale = random.nextInt(50) == 0;
            ask(operation, key, stale ? known[key] + 1 : known[key]);
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void ask(Operation operation, int key, long expected) throws IOException {
        byte[] name = KEYS[key].getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.begin(Wire.METADATA, 1 + Long.BYTES + Short.BYTES + name.length)
                    .put((byte) operation.code())
                    .putLong(expected)
                    .putShort((short) name.length)
                    .put(name);
            out.end();
            out.flush();
        }
        if (in.next() != Wire.METADATA_DONE) {
            throw new IOException("the metadata store closed the connection");
        }
        ByteBuffer answer = in.body();
        answer.get();
        known[key] = answer.getLong();
        version = answer.getLong();
    }
}
