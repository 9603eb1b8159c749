package io.varve.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code varve verify}: prints what a check of a store finds; one line a finding, then a summary. */
public final class VerifyProgram {

    /**
     * What a check found.
     *
     * @param findings what is damaged, one line each; empty if nothing is
     * @param summary what was checked
     */
    public record Report(List<String> findings, String summary) {}

    /** Checks a store. */
    @FunctionalInterface
    public interface Check {

        /**
         * Reads everything that the store holds.
         *
         * @throws IOException if it cannot be read at all
         */
        Report verify(Path directory) throws IOException;
    }

    private VerifyProgram() {}

    /** Checks and prints; 0 if nothing is damaged, else 1. */
    public static int run(Path directory, Check check, PrintStream out, PrintStream err) {
        Report report;
        try {
            report = check.verify(directory);
        } catch (IOException e) {
            err.println("varve: cannot verify " + directory + ": " + e.getMessage());
            return 1;
        }
        report.findings().forEach(out::println);
        out.println(report.summary());
        return report.findings().isEmpty() ? 0 : 1;
    }
}
