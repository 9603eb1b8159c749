package io.varve.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Targets for scrapes: ports that each tell the same number of series in Prometheus' text, three quarters counters that
 * grow and a quarter gauges, gzipped where that is accepted. One thread for all of them; each keeps its connection.
 *
 * <p>Arguments: targets, series of each, the file that names them (written when all listen), whether gzip is answered.
 */
public final class ScrapeTargets {

    private static final int LARGEST_REQUEST = 16 << 10;
    private static final int COUNTERS_OF_FOUR = 3;

    private final int series;
    private final boolean gzip;
    private final String[] lines;
    private final StringBuilder body = new StringBuilder();

    private ScrapeTargets(int series, boolean gzip) {
        this.series = series;
        this.gzip = gzip;
        this.lines = new String[series];
        String[] methods = {"GET", "PUT", "POST", "DELETE"};
        for (int i = 0; i < series; i++) {
            boolean counter = i % 4 < COUNTERS_OF_FOUR;
            lines[i] = String.format(
                    Locale.ROOT,
                    "%s{method=\"%s\",handler=\"/api/v1/things/%d\",code=\"%d\"} ",
                    counter ? "http_requests_total_" + i % 20 : "queue_length_" + i % 20,
                    methods[i % 4],
                    i / 20,
                    200 + i % 3);
        }
    }

    /** A connection with what was read of a request and what is left of an answer. */
    private static final class Connection {

        private final int target;
        private final ByteBuffer request = ByteBuffer.allocate(LARGEST_REQUEST);
        private ByteBuffer answer = ByteBuffer.allocate(0);

        Connection(int target) {
            this.target = target;
        }
    }

    /** Runs until it is ended. */
    public static void main(String[] args) throws IOException {
        ScrapeTargets targets = new ScrapeTargets(Integer.parseInt(args[1]), Boolean.parseBoolean(args[3]));
        targets.serve(Integer.parseInt(args[0]), Path.of(args[2]));
    }

    private void serve(int count, Path file) throws IOException {
        try (Selector selector = Selector.open()) {
            StringBuilder named = new StringBuilder("[{\"targets\": [");
            for (int i = 0; i < count; i++) {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                server.configureBlocking(false);
                server.register(selector, SelectionKey.OP_ACCEPT, i);
                int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
                named.append(i == 0 ? "\"127.0.0.1:" : ", \"127.0.0.1:")
                        .append(port)
                        .append('"');
            }
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(written, named.append("]}]").toString());
            Files.move(written, file);
            while (true) {
                selector.select(this::handle);
            }
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                accepted.configureBlocking(false);
                accepted.register(key.selector(), SelectionKey.OP_READ, new Connection((Integer) key.attachment()));
            } else {
                exchange(key, (SocketChannel) key.channel(), (Connection) key.attachment());
            }
        } catch (IOException e) {
            key.cancel(); // its client has gone
        }
    }

    private void exchange(SelectionKey key, SocketChannel channel, Connection connection) throws IOException {
        if (key.isReadable()) {
            if (channel.read(connection.request) < 0) {
                channel.close();
                return;
            }
            byte[] bytes = connection.request.array();
            int end = connection.request.position();
            if (end >= 4 && bytes[end - 4] == '\r' && bytes[end - 1] == '\n') {
                String request = new String(bytes, 0, end, StandardCharsets.US_ASCII);
                connection.request.clear();
                boolean compressed = gzip && request.toLowerCase(Locale.ROOT).contains("accept-encoding: gzip");
                connection.answer = ByteBuffer.wrap(answer(connection.target, compressed));
            }
        }
        channel.write(connection.answer);
        key.interestOps(connection.answer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private byte[] answer(int target, boolean compressed) throws IOException {
        long seconds = System.currentTimeMillis() / 1_000;
        body.setLength(0);
        for (int i = 0; i < series; i++) {
            if (i % 20 == i && i % 4 < COUNTERS_OF_FOUR) {
                body.append("# TYPE http_requests_total_").append(i).append(" counter\n");
            }
            body.append(lines[i]);
            long mixed = (target * 31L + i) * 0x9e3779b97f4a7c15L >>> 40;
            if (i % 4 < COUNTERS_OF_FOUR) {
                body.append(mixed % 1_000_000 + seconds % 10_000_000 * (i % 7)).append('\n');
            } else {
                body.append((mixed + seconds) % 1_000 / 10.0).append('\n');
            }
        }
        byte[] plain = body.toString().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
        byte[] sent = plain;
        if (compressed) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 8);
            try (GZIPOutputStream gzipped = new GZIPOutputStream(packed)) {
                gzipped.write(plain);
            }
            sent = packed.toByteArray();
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + (compressed ? "Content-Encoding: gzip\r\n" : "") + "Content-Length: " + sent.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(sent);
        return out.toByteArray();
    }
}
