package io.varve.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.server.config.TenantName;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.RecordedExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantNameTest {

    private static String of(String value) {
        return TenantHeader.of(new RecordedExchange(new byte[0]).with(TenantHeader.NAME, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "acme", "Acme-2_eu", "a-", "1_", "com10", "console", "default"})
    void a_name_of_letters_digits_dashes_and_underscores_is_one(String name) {
        assertThat(of(name)).isEqualTo(name);
    }

    @Test
    void a_name_may_have_64_characters_and_no_more() {
        assertThat(of("x".repeat(64))).hasSize(64);
        assertThatThrownBy(() -> of("x".repeat(65))).isInstanceOf(HttpProblem.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ".", "..", "../x", "a/b", "a\\b", "/", "a.b", "-a", "_a", "a b", " a", "a ", "a\n", "\na",
                "a\r", "a\0", "a|b", "a,b", "a:b", "~", "*", "ä", "а", "ａ", "\u202ea", "a%2fb", "%00"
            })
    void anything_else_is_refused_with_what_is_allowed(String name) {
        assertThatThrownBy(() -> of(name))
                .isInstanceOfSatisfying(HttpProblem.class, problem -> assertThat(problem.status())
                        .isEqualTo(400))
                .hasMessageStartingWith(TenantHeader.NAME + ": " + TenantName.RULE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CON", "con", "Nul", "aux", "prn", "COM1", "lpt9"})
    void devices_are_no_names(String name) {
        assertThat(TenantName.refusal(name)).contains("device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Default", "DEFAULT", "dEFAULT"})
    void the_default_tenant_is_written_in_one_way(String name) {
        assertThat(TenantName.refusal(name)).contains("\"default\"");
    }

    @Test
    void a_long_text_is_cut_in_the_message() {
        assertThatThrownBy(() -> of("y".repeat(10_000)))
                .satisfies(problem -> assertThat(problem.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void without_the_header_it_is_the_default_tenant() {
        assertThat(TenantHeader.of(new RecordedExchange(new byte[0]))).isEqualTo(TenantName.DEFAULT);
    }
}
