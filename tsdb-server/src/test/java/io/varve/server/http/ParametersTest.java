package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ParametersTest {

    @Test
    void the_form_comes_before_the_query_string() {
        Parameters parameters = Parameters.parse("a=1&b=2", "a=3&c=4");
        assertThat(parameters.first("a")).isEqualTo("1");
        assertThat(parameters.all("a")).containsExactly("1", "3");
        assertThat(parameters.first("c")).isEqualTo("4");
        assertThat(parameters.first("d")).isEmpty();
        assertThat(parameters.has("d")).isFalse();
    }

    @Test
    void values_are_decoded() {
        Parameters parameters =
                Parameters.parse("query=1%2B1+%2B+x%7Ba%3D%22%C3%A4%22%7D&match%5B%5D=y&by=&flag", null);
        assertThat(parameters.first("query")).isEqualTo("1+1 + x{a=\"ä\"}");
        assertThat(parameters.all("match[]")).containsExactly("y");
        assertThat(parameters.has("by")).isTrue();
        assertThat(parameters.has("flag")).isTrue();
    }

    @Test
    void what_is_malformed_is_refused() {
        for (String text : List.of("a=%", "a=%4", "a=%zz", "a=%ff", "%=1", "a=%c3%28")) {
            assertThatThrownBy(() -> Parameters.parse(text))
                    .as(text)
                    .isInstanceOfSatisfying(HttpProblem.class, problem -> assertThat(problem.status())
                            .isEqualTo(400));
        }
    }

    @Test
    void far_too_many_are_refused() {
        assertThatThrownBy(() -> Parameters.parse("a=1&".repeat(10_001))).isInstanceOf(HttpProblem.class);
    }

    @Test
    void separators_alone_are_nothing() {
        assertThat(Parameters.parse("&&&", "", null).has("")).isFalse();
    }

    @Test
    void an_escape_at_the_very_end_counts() {
        assertThat(Parameters.parse("a=%41").first("a")).isEqualTo("A");
    }
}
