package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.fs.FileEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Directories that cannot be used, and damage in those that can: the real jar says what is wrong and what to do, and answers
 * with all that the damage left, naming what is missing. The store has 20 series in a block and 20 in the log.
 */
class DamageIT {

    private static final int LOG_HEADER = 56;
    private static final int SERIES = 1;
    private static final int FLOATS = 2;
    private static final String ALL = "count(last_over_time(m[3h]))";
    private static final String BLOCK = "blocks/000000000001.varve";
    private static final String LOG = "wal/000002-00.seg";
    private static final String NEWER = "its format is too new: version=2, supported=1..1: start the version that wrote"
            + " it, or choose another directory with --data";

    @TempDir
    private static Path sound;

    private static long base;

    @TempDir
    private Path directory;

    @BeforeAll
    static void fill() throws IOException, InterruptedException {
        base = System.currentTimeMillis() / 1_000 * 1_000 - 3_600_000;
        try (ServerProcess server = ServerProcess.server(sound, "--web.enable-admin-api", "--self.enabled", "false")) {
            for (int i = 0; i < 40; i++) {
                if (i == 20) {
                    assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                                    .statusCode())
                            .isEqualTo(204);
                }
                assertThat(server.importText(line(i)).statusCode()).isEqualTo(204);
            }
            server.terminate();
        }
        assertThat(sound.resolve(BLOCK)).exists();
        assertThat(sound.resolve(LOG)).exists();
    }

    private static String line(int i) {
        return "m{i=\"" + i + "\"} " + i + " " + (base + i) + "\n";
    }

    private Path copy() throws IOException {
        Path copy = Files.createTempDirectory(directory, "store");
        try (Stream<Path> paths = Files.walk(sound)) {
            for (Path path : paths.filter(path -> !path.equals(sound)).toList()) {
                Files.copy(path, copy.resolve(sound.relativize(path).toString()));
            }
        }
        return copy;
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at < 0 ? bytes.length + at : at] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));
    }

    /** Where the n-th record of a kind begins, from 0; docs/format/wal.md. */
    private static int record(Path segment, int kind, int n) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
        int at = LOG_HEADER;
        int left = n;
        while (bytes.get(at + 2) != kind || left-- > 0) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            assertThat(length).as("a record at %d", at).isPositive();
            at += 8 + length;
        }
        return at;
    }

    private static ServerProcess open(Path store) throws IOException, InterruptedException {
        return ServerProcess.server(store, "--self.enabled", "false");
    }

    /** Opens a damaged store: it is ready, takes samples, and answers with what is left and a warning. */
    private static void assertAnswers(Path store, int series, String warning, String... more)
            throws IOException, InterruptedException {
        try (ServerProcess server = open(store)) {
            assertThat(server.get("/-/ready").statusCode()).isEqualTo(200);
            JsonNode answer = server.ask(ALL);
            assertThat(answer.path("data").toString()).contains("\"" + series + "\"]");
            if (warning.isEmpty()) {
                assertThat(answer.has("warnings")).as(answer.toString()).isFalse();
            } else {
                assertThat(answer.path("warnings").size()).as(answer.toString()).isEqualTo(1 + more.length);
                assertThat(answer.path("warnings").path(0).asText()).matches("(?s)" + warning);
            }
            assertThat(server.importText("after 1 " + base + "\n").statusCode()).isEqualTo(204);
            assertThat(server.terminate()).isIn(0, 143);
            assertThat(server.printed()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void aFlippedPageCostsItsSeriesAlone() throws IOException, InterruptedException {
        Path store = copy();
        flip(store.resolve(BLOCK), 120);
        assertAnswers(
                store,
                39,
                "answer misses data of 1 series between .*Z and .*Z: blocks/000000000001\\.varve: series \\d+: malformed"
                        + " page: .*: wrong checksum");
        assertThat(store.resolve(BLOCK)).exists();
    }

    @Test
    void aBlockThatCannotBeOpenedIsSetAsideAndSaidSoAtEveryStart() throws IOException, InterruptedException {
        for (int damage = 0; damage < 2; damage++) {
            Path store = copy();
            if (damage == 0) {
                flip(store.resolve(BLOCK), -10);
            } else {
                cut(store.resolve(BLOCK), -100);
            }
            String missing = "answer misses data of 20 series between .*Z and .*Z: block set aside in"
                    + " quarantine/000000000001\\.varve";
            assertAnswers(
                    store,
                    20,
                    missing
                            + ": corrupt file: path=blocks/000000000001\\.varve, offset=\\d+, expected the .* of [a-z ]+"
                            + " [0-9a-f]+, found [0-9a-f]+");
            assertThat(store.resolve("quarantine/000000000001.varve")).exists();
            if (damage == 0) {
                assertAnswers(store, 20, missing);
            }
        }
    }

    @Test
    void aDamagedManifestIsRebuiltAndNoDamagedBlockDeleted() throws IOException, InterruptedException {
        Path store = copy();
        flip(store.resolve("MANIFEST"), 60);
        assertAnswers(store, 40, "");
        Path worse = copy();
        Files.delete(worse.resolve("MANIFEST"));
        flip(worse.resolve(BLOCK), -10);
        assertAnswers(
                worse,
                20,
                "answer may miss data: block set aside in quarantine/000000000001\\.varve: corrupt file: .*");
        assertThat(worse.resolve("quarantine/000000000001.varve")).exists();
    }

    @Test
    void aFlippedRecordOfTheLogCostsItselfAlone() throws IOException, InterruptedException {
        Path store = copy();
        flip(store.resolve(LOG), record(store.resolve(LOG), SERIES, 5) + 20);
        assertAnswers(
                store,
                39,
                "answer may miss data: 1 samples of the log without their series",
                "answer may miss data: damaged log: 000002-00\\.seg at byte \\d+: checksum expected [0-9a-f]{8}, found"
                        + " [0-9a-f]{8}");
    }

    @Test
    void aFlippedHeadOfTheLogCostsNothing() throws IOException, InterruptedException {
        Path store = copy();
        flip(store.resolve(LOG), 9);
        assertAnswers(
                store, 40, "answer may miss data: damaged log: 000002-00\\.seg at byte 0: segment header damaged");
    }

    @Test
    void aLogThatIsCutOffOrGone() throws IOException, InterruptedException {
        Path cut = copy();
        cut(cut.resolve(LOG), record(cut.resolve(LOG), FLOATS, 5) + 12);
        try (ServerProcess server = open(cut)) {
            String answer = server.ask(ALL).path("data").toString();
            assertThat(answer).containsPattern("\"2[1-9]\"]"); // what stands before the cut
            server.terminate();
            assertThat(server.printed()).anyMatch(line -> line.contains("cutting off wal/000002-00.seg behind byte "));
        }
        Path empty = copy();
        cut(empty.resolve(LOG), 0);
        assertAnswers(
                empty, 20, "answer may miss data: damaged log: 000002-00\\.seg at byte 0: segment header damaged");
        Path gone = copy();
        Files.delete(gone.resolve(LOG));
        assertAnswers(gone, 20, "answer may miss data: damaged log: 000002-00\\.seg at byte 0: segment missing");
    }

    private static void assertRefused(String message, int code, String... arguments)
            throws IOException, InterruptedException {
        assertThat(ServerProcess.refused(List.of(), arguments))
                .isEqualTo(new ServerProcess.Ended(code, "varve: " + message));
    }

    private static String[] serve(Path data, String... more) {
        return Stream.concat(
                        Stream.of("server", "--listen", "127.0.0.1:0", "--self.enabled", "false", "--data", "" + data),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void aSecondProcessIsToldWhoHasTheDirectory() throws IOException, InterruptedException {
        Path store = copy();
        try (ServerProcess first = open(store)) {
            assertRefused(
                    "cannot open " + store + ": locked by process "
                            + first.process().pid() + "; stop it or choose another directory",
                    1,
                    serve(store));
            assertThat(first.ask(ALL).path("data").toString()).contains("\"40\"]");
            assertThat(first.get("/-/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aNewerFormatIsRefusedByNameAndNothingIsTouched() throws IOException, InterruptedException {
        Path store = copy();
        byte[] manifest = Files.readAllBytes(store.resolve("MANIFEST"));
        byte[] payload = FileEnvelope.unwrap("MANIFEST", "MANI", 1, 1, manifest);
        Files.write(store.resolve("MANIFEST"), FileEnvelope.wrap("MANI", 2, "store", payload));
        assertRefused("cannot open " + store + ": cannot read MANIFEST: " + NEWER, 1, serve(store));
        Files.write(store.resolve("MANIFEST"), manifest);

        byte[] log = Files.readAllBytes(store.resolve(LOG));
        byte[] newer = log.clone();
        ByteBuffer head = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, LOG_HEADER - 4);
        head.putInt(LOG_HEADER - 4, (int) crc.getValue());
        Files.write(store.resolve(LOG), newer);
        assertRefused("cannot open " + store + ": cannot read " + LOG + ": " + NEWER, 1, serve(store));
        Files.write(store.resolve(LOG), log);
        assertAnswers(store, 40, "");
    }

    @Test
    void anotherResolutionIsRefused() throws IOException, InterruptedException {
        Path store = copy();
        assertRefused(
                "cannot open " + store + ": the resolution is fixed when a store is created: directory=" + store
                        + ", store=ms, configured=ns: set resolution and shards to what the store has, or choose"
                        + " another directory with --data",
                1,
                serve(store, "--resolution", "ns"));
    }

    @Test
    void directoriesThatCannotBeUsed() throws IOException, InterruptedException {
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused("cannot use " + file + ": it is not a directory: choose another with --data", 1, serve(file));
        Path locked = Files.createDirectory(directory.resolve("locked"));
        assertThat(locked.toFile().setWritable(false, false)).isTrue();
        boolean mayDoAnything = Files.isWritable(locked); // root: give that right up
        List<String> prefix = mayDoAnything
                ? List.of(
                        "setpriv",
                        "--bounding-set=-dac_override,-dac_read_search",
                        "--inh-caps=-dac_override,-dac_read_search")
                : List.of();
        assertThat(ServerProcess.refused(prefix, serve(locked.resolve("data"))))
                .isEqualTo(new ServerProcess.Ended(
                        1,
                        "varve: cannot use " + locked.resolve("data") + ": permission denied: make it writable for this"
                                + " user, or choose another directory with --data"));
        assertThat(locked.toFile().setWritable(true)).isTrue();
        Files.createFile(locked.resolve("MANIFEST"));
        Path lock = Files.createFile(locked.resolve("LOCK"));
        assertThat(lock.toFile().setWritable(false, false)).isTrue();
        assertThat(ServerProcess.refused(prefix, "verify", locked.toString()))
                .isEqualTo(new ServerProcess.Ended(
                        1,
                        "varve: cannot verify " + locked + ": permission denied: " + lock
                                + ": run it as the user whom the store belongs to"));
    }

    @Test
    void aPortThatIsTaken() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertRefused(
                    "cannot listen on 127.0.0.1:" + port
                            + ": the port is taken; stop who has it, or choose another with" + " --listen 127.0.0.1:"
                            + (taken.getLocalPort() + 1),
                    1,
                    "server",
                    "--listen",
                    "127.0.0.1:" + port,
                    "--data",
                    directory.resolve("new").toString());
        }
    }

    @Test
    void flagsAndKeysThatNobodyKnows() throws IOException, InterruptedException {
        assertRefused("unknown flag --lisen; did you mean \"--listen\"?", 2, "server", "--lisen", "x");
        assertRefused("unexpected argument extra; see varve server --help", 2, "server", "extra");
        Path config = directory.resolve("varve.yml");
        Files.writeString(config, "listen: 127.0.0.1:0\nlimits:\n  query_sampels: 4\n");
        assertRefused(
                config + ": line 3: limits.query_sampels: unknown key; did you mean \"query_samples\"?",
                1,
                "server",
                "--config",
                config.toString());
    }
}
