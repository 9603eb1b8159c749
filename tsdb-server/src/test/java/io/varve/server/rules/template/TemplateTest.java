package io.varve.server.rules.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates against what the documentation of Prometheus and of Go's templates says. */
class TemplateTest {

    private static final Map<String, String> LABELS =
            Map.of("instance", "db-1.example.org:9100", "job", "node", "quote", "a\"b<c>");

    private final List<String> asked = new ArrayList<>();

    private String expand(String text) throws TemplateException {
        return expand(text, 2.5);
    }

    private String expand(String text, Object value) throws TemplateException {
        TemplateSetting setting = new TemplateSetting(
                LABELS,
                Map.of("site", "a"),
                "http://varve.example.org/metrics/",
                value,
                1_435_065_584.128,
                this::ask,
                Map.of("stage", "arrived → done"));
        return Template.parse("test", text).expand(setting);
    }

    private List<TemplateSample> ask(String expression) {
        asked.add(expression);
        if (expression.contains("!")) {
            throw new IllegalArgumentException("unexpected character");
        }
        return expression.equals("none")
                ? List.of()
                : List.of(
                        new TemplateSample(Map.of("__name__", "up", "host", "b"), 2.0),
                        new TemplateSample(Map.of("__name__", "up", "host", "a"), 11.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "plain text, { not an action }           → plain text, { not an action }",
                "{{ $labels.instance }} is down          → db-1.example.org:9100 is down",
                "{{$labels.absent}}.                     → .",
                "{{ .Labels.job }}/{{ .Value }}          → node/2.5",
                "{{ .ExternalLabels.site }}{{ $externalLabels.site }} → aa",
                "{{ $externalURL }}                      → http://varve.example.org/metrics/",
                "{{ pathPrefix }}                        → /metrics",
                "{{ locate `stage` | len }}{{ locate `node` }} → 16",
                "{{ /* a comment */ -}}   x              → x",
                "a {{- 1 -}} b                           → a1b",
                "{{ printf `%.2f` $value }}              → 2.50",
                "{{ $value | printf \"%.1f%%\" }}        → 2.5%",
                "{{ printf \"%d %s %v %q %t\" 3 \"x\" 1.5 \"y\" true }} → 3 x 1.5 \"y\" true",
                "{{ printf \"%5d|%-5d|%05d|%+d\" 42 42 42 42 }} → ~   42|42   |00042|+42~",
                "{{ printf \"%d\" 1.5 }}                 → %!d(float64=1.5)",
                "{{ printf \"%s\" }}                     → %!s(MISSING)",
                "{{ printf \"%e %g %.3g\" 1234.5 1234567.0 1234567.0 }} → 1.234500e+03 1.234567e+06 1.23e+06",
                "{{ print 1 2 \"a\" 3 }}                 → 1 2a3",
                "{{ 1000000.0 }} {{ 100000.0 }} {{ 0.0001 }} {{ 0.00001 }} → 1e+06 100000 0.0001 1e-05",
                "{{ if gt $value 2.0 }}high{{ else }}low{{ end }} → high",
                "{{ if gt $value 3.0 }}a{{ else if eq $labels.job \"node\" }}b{{ else }}c{{ end }} → b",
                "{{ if and $value (not false) }}y{{ end }} → y",
                "{{ or \"\" \"b\" }}{{ and 0 \"c\" }}    → b0",
                "{{ with $labels.absent }}x{{ else }}none{{ end }} → none",
                "{{ with $labels.job }}{{ . }}{{ end }}  → node",
                "{{ range $k, $v := $externalLabels }}{{ $k }}={{ $v }};{{ end }} → site=a;",
                "{{ range $i, $s := query \"up\" }}{{ $i }}:{{ $s.Labels.host }}={{ $s.Value }} {{ end"
                        + " }}. → 0:b=2 1:a=11 .",
                "{{ range query \"none\" }}x{{ else }}empty{{ end }} → empty",
                "{{ range query \"up\" }}{{ if eq .Value 11.0 }}{{ break }}{{ end }}{{ .Labels.host }}{{ end }} → b",
                "{{ range query \"up\" }}{{ if eq .Value 2.0 }}{{ continue }}{{ end }}{{ .Labels.host }}{{ end }} → a",
                "{{ query \"up\" | first | value }}      → 2",
                "{{ (query \"up\" | first).Labels.host }} → b",
                "{{ query \"up\" | sortByLabel \"host\" | first | label \"host\" }} → a",
                "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }} → 2",
                "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }} → 21",
                "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" \"a\" }}{{ tmpl \"t\" 5 }} → <a><5>",
                "{{ block \"b\" 7 }}={{ . }}{{ end }}    → =7",
                "{{ define \"t\" }}{{ .arg0 }}-{{ .arg1 }}{{ end }}{{ template \"t\" (args 1 \"z\") }} → 1-z",
                "{{ len \"häuser\" }} {{ len (query \"up\") }} → 7 2",
                "{{ index (query \"up\") 1 | value }} {{ index $labels \"job\" }} → 11 node",
                "{{ slice \"abcdef\" 1 3 }}              → bc",
                "{{ html $labels.quote }}                → a&#34;b&lt;c&gt;",
                "{{ urlquery \"a b&c\" }} {{ urlQueryEscape \"a/b\" }} → a+b%26c a%2Fb",
                "{{ title \"aa bb CC\" }} {{ toUpper \"aB\" }} {{ toLower \"aB\" }} → Aa Bb CC AB ab",
                "{{ match \"a+\" \"baab\" }} {{ match \"^a\" \"b\" }} → true false",
                "{{ reReplaceAll \"localhost:(.*)\" \"my.domain:$1\" \"localhost:3000\" }} → my.domain:3000",
                "{{ reReplaceAll \"(?P<n>[0-9])\" \"<${n}>\" \"a1b2\" }} → a<1>b<2>",
                "{{ stripPort $labels.instance }} {{ stripPort \"[::1]:90\" }} {{ stripPort \"x\" }} →"
                        + " db-1.example.org ::1 x",
                "{{ stripDomain $labels.instance }} {{ stripDomain \"10.0.0.1:80\" }} → db-1:9100 10.0.0.1:80",
                "{{ humanize 1234567.0 }} {{ humanize 0.02 }} {{ humanize 0 }} {{ humanize \"1e9\" }} →"
                        + " 1.235M 20m 0 1G",
                "{{ humanize1024 1048576.0 }} {{ humanize1024 1024 }} {{ humanize1024 1 }} → 1Mi 1ki 1",
                "{{ humanizeDuration 899.99 }} {{ humanizeDuration 100000 }} {{ humanizeDuration 0.01 }}"
                        + " → 14m 59s 1d 3h 46m 40s 10ms",
                "{{ humanizePercentage 0.1234567 }}      → 12.35%",
                "{{ humanizeTimestamp 1435065584.128 }}  → 2015-06-23 13:19:44.128 +0000 UTC",
                "{{ toTime 0 }} {{ toDuration 3661.5 }} {{ toDuration 0.0015 }} → 1970-01-01 00:00:00"
                        + " +0000 UTC 1h1m1.5s 1.5ms",
                "{{ parseDuration \"1h30m\" }} {{ now | humanizeTimestamp }} → 5400 2015-06-23 13:19:44.128 +0000 UTC",
                "{{ graphLink \"up{a=\\\"b\\\"}\" }}     → /graph?g0.expr=up%7Ba%3D%22b%22%7D&g0.tab=0",
                "{{ $labels }}                           → map[instance:db-1.example.org:9100 job:node quote:a\"b<c>]",
            })
    void expands(String template, String expected) throws TemplateException {
        assertThat(expand(template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            value = {
                "{{ $value            → test:1:3: unclosed action: }} is missing",
                "{{ if true }}x       → test:1:3: unclosed {{if}}: {{end}} is missing",
                "{{ end }}            → test:1:3: unexpected {{end}}",
                "{{ nonsense 1 }}     → test:1:4: function not defined: nonsense",
                "{{ $absent }}        → test:1:4: undefined variable: $absent",
                "{{ \"x }}            → test:1:4: unterminated string",
                "{{ }}                → test:1:3: missing value for command: the action is empty",
                "{{ 1 | }}            → missing value for command",
                "{{ break }}          → test:1:3: {{break}} outside {{range}}",
                "{{ (1 }}             → unclosed parenthesis",
                "{{ 1 ! }}            → unexpected character: \"!\"",
                "{{ if true }}{{ else }}{{ else }}{{ end }} → unexpected {{else}}",
                "{{ template x }}     → the name of a template is missing",
            })
    void malformedTemplatesAreRefused(String template, String message) {
        assertThatThrownBy(() -> Template.parse("test", template.strip()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            value = {
                "{{ query \"none\" | first }}   → first() called on a vector with no elements",
                "{{ query \"a!\" }}             → error executing query \"a!\": unexpected character",
                "{{ humanize \"abc\" }}         → humanize: not a number: \"abc\"",
                "{{ humanize }}                 → wrong number of arguments for humanize: want 1, got 0",
                "{{ toUpper 1 }}                → toUpper: wrong type for argument 1: expected a string, got a number",
                "{{ .Nothing }}                 → can't evaluate field Nothing",
                "{{ $value.x }}                 → can't evaluate field x in a number",
                "{{ index (query \"up\") 5 }}   → index out of range: 5 of 2",
                "{{ eq $value \"a\" }}          → incompatible types for comparison",
                "{{ template \"no\" }}          → template not defined: \"no\"",
                "{{ match \"(\" \"x\" }}        → bad regular expression",
                "{{ $labels.job 5 }}            → can't give an argument to what is not a function",
                "{{ printf \"%99999d\" 1 }}     → a width or precision above 1000",
            })
    void refusedCallsAreTold(String template, String message) {
        assertThatThrownBy(() -> expand(template.strip()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatNeverEndsIsEnded() {
        assertThatThrownBy(() -> expand("{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" 1 }}"))
                .hasMessageContaining("call each other too deeply");
        assertThatThrownBy(() -> expand("{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}{{ end }}{{ end }}{{ end }}"))
                .hasMessageContaining("the template does too much");
        assertThatThrownBy(() -> expand("{{ range 100000 }}long enough to be too much{{ end }}"))
                .hasMessageContaining("the template writes too much");
        assertThatThrownBy(() -> expand("{{ range 30 }}{{ query \"up\" }}{{ end }}"))
                .hasMessageContaining("too many queries");
        assertThat(asked).hasSize(20);
        String deep = "{{ if true }}".repeat(60) + "{{ end }}".repeat(60);
        assertThatThrownBy(() -> Template.parse("test", deep)).hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> Template.parse("test", "{{ " + "(".repeat(10_000) + " }}"))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> Template.parse("test", "x".repeat(70_000)))
                .hasMessageContaining("longer than 65536 characters");
    }

    /** Names and values are what clients sent: they are printed and never read as a template. */
    @Test
    void hostileNamesAreTextAlone() throws TemplateException {
        Map<String, String> hostile = new TreeMap<>(Map.of(
                "{{ query `secret` }}",
                "{{ range 1000000 }}x{{ end }}",
                "a\u0000b\n\u001b[31m\u202e",
                "%n%99999d%s",
                "n".repeat(5_000),
                "\"}],\"labels\":{\"x\":\"y"));
        TemplateSetting setting =
                new TemplateSetting(hostile, hostile, "http://v", "{{ fail }}", 0, this::ask, Map.of());
        String all = Template.parse(
                        "test",
                        "{{ range $n, $v := .Labels }}{{ $n }}={{ $v }};{{ end }}{{ $value }}{{ printf `%q` $labels }}")
                .expand(setting);
        hostile.forEach((name, value) -> assertThat(all).contains(name + "=" + value + ";"));
        assertThat(all).contains("{{ fail }}");
        assertThat(asked).isEmpty();
        String escaped = Template.parse(
                        "test", "{{ range $n, $v := .Labels }}{{ $n | urlquery }} {{ html $v }} {{ end }}")
                .expand(setting);
        assertThat(escaped).doesNotContain("\u0000", "\u001b", "\"", "<").contains("%7B%7B+query");
    }

    @Test
    void placesAreByLineAndColumn() {
        assertThatThrownBy(() -> expand("first\nsecond {{ nonsense }}"))
                .hasMessage("template: test:2:11: function not defined: nonsense");
    }

    @Test
    void histogramsAreTexts() throws TemplateException {
        assertThat(expand("{{ $value }}", "{count:3, sum:1}")).isEqualTo("{count:3, sum:1}");
    }
}
