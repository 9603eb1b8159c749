package io.varve.server.rules;

import io.varve.query.lang.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rule files that come with the program. */
public enum ShippedRules {
    /** Alerts that watch Varve itself, over its own metrics. */
    VARVE,
    /** Alerts on the faults of {@code varve demo latency}. */
    LATENCY;

    /** What it is called. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of a name. */
    public static Optional<ShippedRules> of(String name) {
        return Arrays.stream(values()).filter(one -> one.label().equals(name)).findFirst();
    }

    /** The names of all. */
    public static List<String> names() {
        return Arrays.stream(values()).map(ShippedRules::label).toList();
    }

    /** The text of the file. */
    public String text() {
        try (InputStream file = ShippedRules.class.getResourceAsStream(label() + ".yml")) {
            if (file == null) {
                throw new AssertionError("BUG: not in the program: " + label() + ".yml");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its groups, in a file of the name {@code varve:NAME}. */
    public List<RuleGroup> groups() {
        RuleFile.Defaults defaults = new RuleFile.Defaults(Duration.ofSeconds(15), Duration.ZERO);
        return RuleFile.parse(text(), "varve:" + label(), defaults, Dialect.STABLE);
    }
}
