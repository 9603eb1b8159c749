package io.varve.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

class RemoteWriteLoadTest {

    private static final long START = 1_763_000_000_000L;

    @TempDir
    Path folder = Path.of("");

    @Test
    void prepared_requests_hold_every_sample_of_the_load_in_time_order() throws IOException {
        Path path = folder.resolve("load");
        RequestFile.prepare(path, new DevopsLoad(7, 2), 5, START, 10_000, 150);
        DevopsLoad load = new DevopsLoad(7, 2);
        List<Double> expected = new ArrayList<>();
        double[] row = new double[load.seriesCount()];
        for (int step = 0; step < 5; step++) {
            load.next(row);
            for (double value : row) {
                expected.add(value);
            }
        }
        List<Double> values = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        try (RequestFile file = RequestFile.open(path)) {
            assertThat(file.samples()).isEqualTo(5L * 202);
            assertThat(file.firstTime()).isEqualTo(START);
            assertThat(file.lastTime()).isEqualTo(START + 40_000);
            for (RequestFile.Request request = file.next(); request != null; request = file.next()) {
                assertThat(request.samples()).isBetween(1, 150);
                parse(ByteBuffer.wrap(Snappy.uncompress(request.body())), values, times);
            }
        }
        assertThat(values).isEqualTo(expected);
        assertThat(times).isSorted().startsWith(START).endsWith(START + 40_000);
    }

    @Test
    void a_refusal_for_later_is_sent_again_until_it_is_taken() throws IOException, InterruptedException {
        Path path = folder.resolve("load");
        RequestFile.prepare(path, new DevopsLoad(7, 2), 5, START, 10_000, 100);
        List<Integer> bodies = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread peer = new Thread(() -> answer(server, bodies));
            peer.start();
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/api/v1/write";
            RemoteWriteLoad.main(new String[] {
                "--replay", path.toString(), "--url", url, "--connections", "1", "--durability", "synced"
            });
            peer.join();
        }
        assertThat(bodies).hasSize(13);
        assertThat(bodies.get(0)).isEqualTo(bodies.get(1)).isEqualTo(bodies.get(2));
    }

    @Test
    void a_file_of_something_else_is_refused() throws IOException {
        Path path = Files.writeString(folder.resolve("other"), "x".repeat(100));
        assertThatThrownBy(() -> RequestFile.open(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--prepare");
        assertThatThrownBy(() -> RemoteWriteLoad.main(new String[] {"--unknown"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("option=--unknown");
    }

    /** Answers 503, then 429 chunked, then 204 until the client hangs up. */
    private static void answer(ServerSocket server, List<Integer> bodies) {
        try (Socket socket = server.accept()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                int length = 0;
                for (String line = line(in); !line.isEmpty(); line = line(in)) {
                    String lower = line.toLowerCase(Locale.ROOT);
                    length = lower.startsWith("content-length: ") ? Integer.parseInt(lower.substring(16)) : length;
                }
                if (length == 0) {
                    return;
                }
                in.skipNBytes(length);
                String answer =
                        switch (bodies.size()) {
                            case 0 -> "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
                            case 1 -> "HTTP/1.1 429 Slow\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n0\r\n\r\n";
                            default -> "HTTP/1.1 204 No Content\r\n\r\n";
                        };
                bodies.add(length);
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot answer", e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Reads what {@code message WriteRequest} says, with nothing of the writer's code. */
    private static void parse(ByteBuffer request, List<Double> values, List<Long> times) {
        request.order(ByteOrder.LITTLE_ENDIAN);
        while (request.hasRemaining()) {
            assertThat(request.get()).isEqualTo((byte) 0x0A);
            int seriesEnd = (int) varint(request) + request.position();
            double value = 0;
            while (request.position() < seriesEnd) {
                int tag = request.get();
                int end = (int) varint(request) + request.position();
                while (tag == 0x12 && request.position() < end) {
                    if (request.get() == 0x09) {
                        value = request.getDouble();
                    } else {
                        times.add(varint(request));
                    }
                }
                request.position(end);
            }
            values.add(value);
        }
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = from.get();
            value |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
