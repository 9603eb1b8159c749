package io.varve.core.telemetry.clock.system;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command and returns what it printed, of which it keeps a bounded part, in a bounded time. No read ever
 * waits for the command: it prints into the pipe of the operating system, which is read when it has ended. It is killed
 * when its time is over, when it prints more than it may, or when the caller is interrupted.
 */
final class CommandRunner {

    private static final long LOOK_MILLIS = 5;
    private static final int LOOKS = 3;
    private static final int UNKNOWN = -1;

    private final TimeSource clock;
    private final long timeoutNanos;
    private final int longest;

    /**
     * A runner.
     *
     * @param timeoutNanos time that a command has, in nanoseconds
     * @param longest bytes that it may print
     */
    CommandRunner(TimeSource clock, long timeoutNanos, int longest) {
        this.clock = clock;
        this.timeoutNanos = timeoutNanos;
        this.longest = longest;
    }

    /** What a command printed; empty if it is not there, fails, takes too long or prints too much. */
    Optional<String> run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException | SecurityException | UnsupportedOperationException e) {
            return Optional.empty();
        }
        try {
            process.getOutputStream().close();
            return read(process);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    private Optional<String> read(Process process) throws IOException, InterruptedException {
        long start = clock.nanoTime();
        try (InputStream output = process.getInputStream()) {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (clock.nanoTime() - start > timeoutNanos || there(output) >= longest) {
                    return Optional.empty();
                }
            }
            byte[] printed = output.readNBytes(settled(output));
            return process.exitValue() == 0 && printed.length < longest
                    ? Optional.of(new String(printed, StandardCharsets.UTF_8))
                    : Optional.empty();
        }
    }

    /** Bytes that can be read, once the JDK has taken them over from a process that ended, which it does by the way. */
    private static int settled(InputStream output) throws InterruptedException {
        int there = UNKNOWN;
        for (int same = 0; same < LOOKS; same++) {
            Thread.sleep(LOOK_MILLIS);
            int now = there(output);
            if (now != there || now == UNKNOWN) {
                there = now;
                same = 0;
            }
        }
        return there;
    }

    private static int there(InputStream output) {
        try {
            return output.available();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
