package io.varve.server.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Labels;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each action by its meaning in Prometheus' documentation. */
class RelabelingTest {

    private static final Labels DROPPED = Labels.of("dropped", "dropped");
    private static final Labels ABC = Labels.of("a", "foo", "b", "bar", "c", "baz");

    private static RelabelRule rule(RelabelAction action, String sources, String regex, String target, String text) {
        return rule(action, sources, regex, target, text, 0);
    }

    private static RelabelRule rule(
            RelabelAction action, String sources, String regex, String target, String text, long modulus) {
        List<String> names = sources.isEmpty() ? List.of() : Arrays.asList(sources.split(",", -1));
        return new RelabelRule(new RelabelRule.Setting(names, ";", regex, modulus, target, text, action));
    }

    private static Labels apply(Labels labels, RelabelRule... rules) {
        Labels made = new Relabeling(List.of(rules)).apply(labels);
        return made == null ? DROPPED : made;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // sources | regex | target | replacement | the label d, or the target, afterwards
                "a   | f(.*)           | d       | ch${1}-ch${1} | d=choo-choo",
                "a,b | f(.*);(.*)r     | d       | $2$1          | d=baoo",
                "a   | oo              | d       | x             | d=",
                "a   | (.*)            | d       | $1            | d=foo",
                "none| (.*)            | d       | fixed         | d=fixed",
                "none| (.*)            | b       | $1            | b=",
                "a   | foo             | b       | ``            | b=",
                "a   | (f)(.*)         | $2      | v             | oo=v",
                "a   | (f)(.*)         | ${2}x   | v             | oox=v",
                "a   | (?P<first>f).*  | d       | ${first}$first| d=ff",
                "a   | (f).*           | d       | $1x           | d=",
                "a   | (f).*           | d       | $$1           | d=$1",
                "a   | (f).*           | d       | 5$ ${ ${1     | d=5$ ${ ${1",
                "a   | (f).*           | d       | $9            | d=",
                "a   | f(x)?oo         | d       | [$1]          | d=[]",
            })
    void replace(String sources, String regex, String target, String replacement, String expected) {
        Labels after = apply(ABC, rule(RelabelAction.REPLACE, sources, regex, target, replacement));
        String[] pair = expected.split("=", 2);
        assertThat(after.get(pair[0])).isEqualTo(pair[1]);
    }

    @Test
    void anExpressionHasToMatchTheWholeTextAlsoOverLines() {
        Labels lines = Labels.of("a", "x\ny");
        assertThat(apply(lines, rule(RelabelAction.DROP, "a", "x", "", "$1"))).isEqualTo(lines);
        assertThat(apply(lines, rule(RelabelAction.DROP, "a", "x.y", "", "$1"))).isSameAs(DROPPED);
        assertThat(apply(lines, rule(RelabelAction.DROP, "a", "y|x.*", "", "$1")))
                .isSameAs(DROPPED);
        assertThat(apply(lines, rule(RelabelAction.DROP, "a", "", "", "$1"))).isEqualTo(lines);
        assertThat(apply(lines, rule(RelabelAction.DROP, "none", "", "", "$1"))).isSameAs(DROPPED);
    }

    @Test
    void keepAndDrop() {
        assertThat(apply(ABC, rule(RelabelAction.KEEP, "a", "f.*", "", "$1"))).isEqualTo(ABC);
        assertThat(apply(ABC, rule(RelabelAction.KEEP, "a", "x.*", "", "$1"))).isSameAs(DROPPED);
        assertThat(apply(ABC, rule(RelabelAction.DROP, "a", "f.*", "", "$1"))).isSameAs(DROPPED);
        assertThat(apply(ABC, rule(RelabelAction.KEEPEQUAL, "a", "(.*)", "b", "$1")))
                .isSameAs(DROPPED);
        assertThat(apply(ABC, rule(RelabelAction.DROPEQUAL, "a", "(.*)", "a", "$1")))
                .isSameAs(DROPPED);
        assertThat(apply(ABC, rule(RelabelAction.DROPEQUAL, "a", "(.*)", "b", "$1")))
                .isEqualTo(ABC);
    }

    @Test
    void lettersAndNames() {
        assertThat(apply(ABC, rule(RelabelAction.UPPERCASE, "a,b", "(.*)", "d", "$1"))
                        .get("d"))
                .isEqualTo("FOO;BAR");
        assertThat(apply(Labels.of("a", "ÄX"), rule(RelabelAction.LOWERCASE, "a", "(.*)", "a", "$1")))
                .isEqualTo(Labels.of("a", "äx"));
        Labels meta = Labels.of("__meta_x", "1", "__meta_y", "2", "z", "3");
        assertThat(apply(meta, rule(RelabelAction.LABELMAP, "", "__meta_(.+)", "", "k_${1}")))
                .isEqualTo(Labels.of("__meta_x", "1", "__meta_y", "2", "k_x", "1", "k_y", "2", "z", "3"));
        assertThat(apply(meta, rule(RelabelAction.LABELDROP, "", "__.*", "", "$1")))
                .isEqualTo(Labels.of("z", "3"));
        assertThat(apply(meta, rule(RelabelAction.LABELKEEP, "", "__.*", "", "$1")))
                .isEqualTo(Labels.of("__meta_x", "1", "__meta_y", "2"));
    }

    @Test
    void aHashIsTheLastEightBytesOfMd5Unsigned() throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("MD5").digest("foo;bar".getBytes(StandardCharsets.UTF_8));
        BigInteger number = new BigInteger(1, Arrays.copyOfRange(hash, 8, 16));
        for (long modulus : new long[] {1, 7, 1000, Long.MAX_VALUE, -1}) {
            BigInteger by = new BigInteger(Long.toUnsignedString(modulus));
            assertThat(apply(ABC, rule(RelabelAction.HASHMOD, "a,b", "(.*)", "d", "$1", modulus))
                            .get("d"))
                    .isEqualTo(number.mod(by).toString());
        }
    }

    @Test
    void rulesSeeWhatThoseBeforeThemHaveMade() {
        assertThat(apply(
                        ABC,
                        rule(RelabelAction.REPLACE, "a", "(.*)", "d", "$1-$1"),
                        rule(RelabelAction.REPLACE, "d", "foo-(.*)", "e", "$1"),
                        rule(RelabelAction.LABELKEEP, "", "e", "", "$1")))
                .isEqualTo(Labels.of("e", "foo"));
        assertThat(apply(ABC, rule(RelabelAction.LABELDROP, "", ".*", "", "$1")))
                .isEqualTo(Labels.EMPTY);
    }

    @Test
    void partsThatDoNotFitTogetherAreRefused() {
        refused(RelabelAction.REPLACE, "a", "(.*)", "", "$1", 0, "action replace needs target_label");
        refused(RelabelAction.HASHMOD, "a", "(.*)", "d", "$1", 0, "action hashmod needs a modulus above zero");
        refused(RelabelAction.LOWERCASE, "a", "(.*)", "d", "x", 0, "action lowercase has no replacement");
        refused(RelabelAction.LABELDROP, "a", "x", "", "$1", 0, "action labeldrop has a regex alone");
        refused(RelabelAction.LABELKEEP, "", "x", "d", "$1", 0, "action labelkeep has a regex alone");
        refused(RelabelAction.LABELMAP, "", "x", "", "", 0, "action labelmap needs a replacement");
        refused(RelabelAction.KEEPEQUAL, "a", "x", "d", "$1", 0, "has source_labels and target_label alone");
        refused(RelabelAction.DROPEQUAL, "a", "(.*)", "", "$1", 0, "action dropequal needs target_label");
        refused(RelabelAction.DROP, "a", "(", "", "$1", 0, "regex: ");
        refused(RelabelAction.DROP, "a", "(?=x)", "", "$1", 0, "regex: ");
    }

    private static void refused(
            RelabelAction action,
            String sources,
            String regex,
            String target,
            String replacement,
            long modulus,
            String message) {
        assertThatThrownBy(() -> rule(action, sources, regex, target, replacement, modulus))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
