package io.varve.server.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a tenant may be called. A name becomes the name of a directory, so it holds nothing that a file system takes for
 * something else: no dot, no separator, nothing but ASCII, no device of Windows. Names that differ in case alone would
 * share a directory where case does not count, so there is at most one of them.
 */
public final class TenantName {

    /** The tenant of requests that name none. */
    public static final String DEFAULT = "default";

    /** What is allowed, for messages. */
    public static final String RULE =
            "a tenant's name has 1 to 64 characters: letters, digits, _ and - of ASCII, the first a letter or digit";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
            "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private TenantName() {}

    /**
     * Why a text is no tenant's name.
     *
     * @return a reason, without the text; empty if it is one
     */
    public static String refusal(String text) {
        if (!FORM.matcher(text).matches()) {
            return RULE;
        }
        String key = key(text);
        if (DEVICES.contains(key)) {
            return "the name is that of a device on some systems: choose another";
        }
        if (key.equals(DEFAULT) && !text.equals(DEFAULT)) {
            return "the name of the default tenant is written \"" + DEFAULT + "\"";
        }
        return "";
    }

    /** What is equal for names that differ in case alone. */
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
