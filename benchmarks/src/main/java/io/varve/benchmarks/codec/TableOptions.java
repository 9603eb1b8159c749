package io.varve.benchmarks.codec;

import io.varve.benchmarks.codec.series.SeriesFile;
import io.varve.codec.PageCodec;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Options of the table.
 *
 * @param data the folder of the files; null for patterns
 * @param page most samples of a page
 * @param effort of the codec
 * @param times times instead of values
 * @param excludes files that are left out
 */
record TableOptions(@Nullable Path data, int page, String effort, boolean times, List<PathMatcher> excludes) {

    /**
     * Reads and checks the options.
     *
     * @throws IllegalArgumentException if one is unknown, incomplete or wrong, or the folder is absent
     */
    static TableOptions parse(String... args) {
        @Nullable Path data = null;
        int page = PageCodec.MAX_SAMPLES;
        String effort = CodecUnderTest.BEST;
        boolean times = false;
        boolean patterns = false;
        List<PathMatcher> excludes = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--data" -> data = folder(value(args, i++));
                case "--page" -> page = page(value(args, i++));
                case "--effort" -> effort = effort(value(args, i++));
                case "--exclude" -> excludes.add(glob(value(args, i++)));
                case "--times" -> times = true;
                case "--patterns" -> patterns = true;
                default -> throw new IllegalArgumentException("unknown option: " + args[i] + " (see --help)");
            }
        }
        if (patterns == (data != null)) {
            throw new IllegalArgumentException("one of --data DIR and --patterns is needed (see --help)");
        }
        return new TableOptions(data, page, effort, times || patterns, excludes);
    }

    /** Whether a file is left out, by its name with or without the suffix. */
    boolean excludes(Path file) {
        Path name = Path.of(SeriesFile.name(file));
        return excludes.stream().anyMatch(glob -> glob.matches(name) || glob.matches(file.getFileName()));
    }

    private static String value(String[] args, int option) {
        if (option + 1 == args.length) {
            throw new IllegalArgumentException("option needs a value: " + args[option]);
        }
        return args[option + 1];
    }

    private static Path folder(String value) {
        Path folder = Path.of(value);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no such directory: " + value);
        }
        return folder;
    }

    private static int page(String value) {
        try {
            int page = Integer.parseInt(value);
            if (page >= 1 && page <= PageCodec.MAX_SAMPLES) {
                return page;
            }
        } catch (NumberFormatException e) {
            // As a number out of range.
        }
        throw new IllegalArgumentException("rule: 1 <= page <= " + PageCodec.MAX_SAMPLES + ", page=" + value);
    }

    private static String effort(String value) {
        if (value.equals(CodecUnderTest.BEST) || value.equals(CodecUnderTest.FAST)) {
            return value;
        }
        throw new IllegalArgumentException("rule: effort is best or fast, effort=" + value);
    }

    private static PathMatcher glob(String value) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + value);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a glob: " + value, e);
        }
    }
}
