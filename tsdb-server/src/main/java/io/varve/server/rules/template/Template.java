package io.varve.server.rules.template;

import java.util.Set;

/** A template that was read, ready to be expanded any number of times. Immutable. */
public final class Template {

    /** Longest template, characters. */
    public static final int MAX_LENGTH = 64 * 1024;

    /** Variables that every template knows. */
    static final Set<String> VARIABLES = Set.of("labels", "externalLabels", "externalURL", "value");

    private final String name;
    private final String text;
    private final Parser.Parsed parsed;

    private Template(String name, String text, Parser.Parsed parsed) {
        this.name = name;
        this.text = text;
        this.parsed = parsed;
    }

    /**
     * Reads a template.
     *
     * @param name what it is called in messages
     * @throws TemplateException if it is too long or malformed
     */
    public static Template parse(String name, String text) throws TemplateException {
        if (text.length() > MAX_LENGTH) {
            throw new TemplateException(name, 1, 1, "longer than " + MAX_LENGTH + " characters");
        }
        try {
            return new Template(name, text, Parser.parse(text, VARIABLES));
        } catch (Fault fault) {
            throw placed(name, text, fault);
        }
    }

    /**
     * The text that the template makes.
     *
     * @throws TemplateException if a function refuses its arguments, or the expansion passes its bounds
     */
    public String expand(TemplateSetting setting) throws TemplateException {
        if (text.indexOf("{{") < 0) {
            return text;
        }
        try {
            return new Expansion(parsed.templates(), setting).run(parsed.body());
        } catch (Fault fault) {
            throw placed(name, text, fault);
        }
    }

    /** Path at which people look at the table of an expression. */
    public static String tableLink(String expression) {
        return "/graph?g0.expr=" + Escapes.query(expression) + "&g0.tab=1";
    }

    private static TemplateException placed(String name, String text, Fault fault) {
        int line = 1;
        int start = 0;
        for (int newline = text.indexOf('\n'); newline >= 0 && newline < fault.at(); ) {
            line++;
            start = newline + 1;
            newline = text.indexOf('\n', start);
        }
        return new TemplateException(name, line, fault.at() - start + 1, String.valueOf(fault.getMessage()));
    }
}
