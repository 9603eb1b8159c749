package io.varve.server.rules.testing;

import com.google.re2j.Pattern;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import io.varve.server.config.ConfigException;
import io.varve.server.rules.RuleFile;
import io.varve.server.rules.RuleFiles;
import io.varve.server.rules.RuleGroup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs files of tests, and prints what came of them as promtool does. */
public final class RuleTests {

    private final PrintStream out;
    private final PrintStream err;
    private final Options options;
    private final TimeSource clock;

    /**
     * How tests are run.
     *
     * @param names tests run that fit one of them; all if there is none
     * @param marked whether only what differs is printed
     * @param query the language of rules
     */
    public record Options(List<Pattern> names, boolean marked, QueryOptions query) {}

    /** @param clock by which evaluations are timed, which is no part of what is tested */
    public RuleTests(PrintStream out, PrintStream err, Options options, TimeSource clock) {
        this.out = out;
        this.err = err;
        this.options = options;
        this.clock = clock;
    }

    /** Runs the tests of files; whether all of them succeed. */
    public boolean run(List<Path> files) {
        boolean succeeded = true;
        for (Path file : files) {
            out.println("Unit Testing:  " + file);
            List<String> failures = new ArrayList<>();
            try {
                run(file, failures);
            } catch (ConfigException | IOException e) {
                failures.add("    " + e.getMessage());
            }
            if (failures.isEmpty()) {
                out.println("  SUCCESS");
            } else {
                out.flush();
                err.println("  FAILED:");
                failures.forEach(err::println);
                err.flush();
                succeeded = false;
            }
            out.println();
        }
        return succeeded;
    }

    private void run(Path path, List<String> failures) throws IOException {
        TestFile file = TestFile.parse(RuleFiles.text(path), path.toString());
        Path directory = path.toAbsolutePath().getParent();
        List<RuleGroup> groups = new ArrayList<>(RuleFiles.read(
                file.ruleFiles(),
                directory == null ? path.toAbsolutePath() : directory,
                new RuleFile.Defaults(file.interval(), Duration.ZERO),
                options.query().dialect(),
                name -> err.println("  WARNING: no file fits " + name)));
        groups.sort(Comparator.comparingInt(group -> Math.max(0, file.order().indexOf(group.name()))));
        for (RuleTest test : file.tests()) {
            if (isAskedFor(test)) {
                List<Difference> differences = new TestRun(file, test, groups, options.query(), clock).run();
                if (!differences.isEmpty()) {
                    String name = test.name().isEmpty() ? "" : "name: " + test.name() + ", ";
                    failures.add("    " + name + path + " line " + test.line() + ":");
                }
                differences.forEach(difference -> failures.addAll(difference.lines(options.marked())));
            }
        }
    }

    private boolean isAskedFor(RuleTest test) {
        return options.names().isEmpty()
                || options.names().stream()
                        .anyMatch(name -> name.matcher(test.name()).find());
    }
}
