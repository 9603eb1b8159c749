package io.varve.server.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One rule of relabelling, with the meaning that Prometheus' documentation of {@code relabel_config} gives it. Its
 * expression is RE2, has to match a whole text, and takes time linear in it. Immutable.
 */
public final class RelabelRule {

    /** What stands where nothing is written. */
    public static final Setting DEFAULTS = new Setting(List.of(), ";", "(.*)", 0, "", "$1", RelabelAction.REPLACE);

    /**
     * A rule as it is written.
     *
     * @param sources names of labels whose values are joined by {@code separator}
     * @param regex what the joined values, or names of labels, have to match
     * @param modulus of {@code hashmod}, unsigned
     * @param target name of the label that is written or compared; may hold groups in {@code replace}
     * @param replacement what is written, with groups
     */
    public record Setting(
            List<String> sources,
            String separator,
            String regex,
            long modulus,
            String target,
            String replacement,
            RelabelAction action) {

        /** Keeps a list of its own. */
        public Setting {
            sources = List.copyOf(sources);
        }
    }

    private final Setting setting;
    private final Pattern regex;
    private final RelabelTemplate target;
    private final RelabelTemplate replacement;
    private final boolean anything;

    /**
     * A rule.
     *
     * @throws IllegalArgumentException if its parts do not fit together; the message says which
     */
    public RelabelRule(Setting setting) {
        this.setting = setting;
        this.target = new RelabelTemplate(setting.target);
        this.replacement = new RelabelTemplate(setting.replacement);
        this.anything = setting.regex.equals(DEFAULTS.regex);
        try {
            this.regex = Pattern.compile("^(?:" + setting.regex + ")$", Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("regex: " + e.getMessage(), e);
        }
        check();
    }

    private void check() {
        RelabelAction action = setting.action;
        switch (action) {
            case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL ->
                require(!setting.target.isEmpty(), "needs target_label");
            default -> {}
        }
        switch (action) {
            case HASHMOD -> require(setting.modulus != 0, "needs a modulus above zero");
            case LOWERCASE, UPPERCASE ->
                require(isDefault(setting.replacement, DEFAULTS.replacement), "has no replacement");
            case KEEPEQUAL, DROPEQUAL ->
                require(
                        anything
                                && setting.modulus == 0
                                && isDefault(setting.separator, DEFAULTS.separator)
                                && isDefault(setting.replacement, DEFAULTS.replacement),
                        "has source_labels and target_label alone");
            case LABELDROP, LABELKEEP ->
                require(
                        setting.sources.isEmpty()
                                && setting.target.isEmpty()
                                && setting.modulus == 0
                                && isDefault(setting.separator, DEFAULTS.separator)
                                && isDefault(setting.replacement, DEFAULTS.replacement),
                        "has a regex alone");
            case LABELMAP -> require(!setting.replacement.isEmpty(), "needs a replacement that is a label's name");
            default -> {}
        }
    }

    private static boolean isDefault(String text, String standard) {
        return Objects.equals(text, standard);
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("action " + setting.action.label() + " " + rule);
        }
    }

    /** The rule as it is written. */
    public Setting setting() {
        return setting;
    }

    /** Applies the rule; false if the labels are to be dropped. */
    boolean apply(LabelEditor labels) {
        switch (setting.action) {
            case KEEP -> {
                return matches(source(labels));
            }
            case DROP -> {
                return !matches(source(labels));
            }
            case KEEPEQUAL -> {
                return labels.get(setting.target).equals(source(labels));
            }
            case DROPEQUAL -> {
                return !labels.get(setting.target).equals(source(labels));
            }
            case REPLACE -> replace(labels);
            case HASHMOD -> labels.set(setting.target, remainder(source(labels)));
            case LOWERCASE -> labels.set(setting.target, source(labels).toLowerCase(Locale.ROOT));
            case UPPERCASE -> labels.set(setting.target, source(labels).toUpperCase(Locale.ROOT));
            case LABELMAP -> map(labels);
            default ->
                labels.forEach((name, value) -> {
                    if (matches(name) == (setting.action == RelabelAction.LABELDROP)) {
                        labels.remove(name);
                    }
                });
        }
        return true;
    }

    private String source(LabelEditor labels) {
        if (setting.sources.size() == 1) {
            return labels.get(setting.sources.get(0));
        }
        StringBuilder joined = new StringBuilder();
        String separator = "";
        for (String name : setting.sources) {
            joined.append(separator).append(labels.get(name));
            separator = setting.separator;
        }
        return joined.toString();
    }

    private boolean matches(String text) {
        return anything || regex.matcher(text).matches();
    }

    private void replace(LabelEditor labels) {
        Matcher match = regex.matcher(source(labels));
        if (!match.matches()) {
            return;
        }
        String name = target.expand(match, regex.namedGroups());
        if (!name.isEmpty()) {
            labels.set(name, replacement.expand(match, regex.namedGroups()));
        }
    }

    private void map(LabelEditor labels) {
        labels.forEach((name, value) -> {
            Matcher match = regex.matcher(name);
            if (match.matches()) {
                String mapped = replacement.expand(match, regex.namedGroups());
                if (!mapped.isEmpty()) {
                    labels.set(mapped, value);
                }
            }
        });
    }

    /** The last eight bytes of the MD5 of a text, as an unsigned number, modulo. */
    private String remainder(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return Long.toUnsignedString(
                    Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(8), setting.modulus));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("BUG: every JDK has MD5", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelabelRule rule && setting.equals(rule.setting);
    }

    @Override
    public int hashCode() {
        return setting.hashCode();
    }

    @Override
    public String toString() {
        return setting.toString();
    }
}
