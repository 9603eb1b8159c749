package io.varve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsConfigTest {

    @Test
    void without_the_key_there_may_be_eight_with_a_part_of_what_the_server_has() {
        TenantsConfig config = ConfigFileTenants.read("");
        assertThat(config.configured()).isFalse();
        assertThat(config.max()).isEqualTo(8);
        assertThat(config.allows("anybody")).isTrue();
        assertThat(config.of("anybody")).isEqualTo(new TenantQuotas(100_000, 20_000, 100_000, 10L << 30, 64L << 20, 4));
        assertThat(config.of("default")).isEqualTo(TenantQuotas.NONE);
    }

    @Test
    void quotas_hold_for_all_and_are_overridden_one_by_one() {
        TenantsConfig config = ConfigFileTenants.read(
                """
                tenants:
                  allow: [acme, globex]
                  quotas: {series: 1_000, new_series_per_minute: 0, samples_per_second: 50, bytes: 2g, query_bytes: 8m, query_concurrency: 2}
                  overrides:
                    acme: {samples_per_second: 70}
                    globex:
                    default: {query_concurrency: 3}
                """);
        assertThat(config.configured()).isTrue();
        assertThat(config.max()).isEqualTo(2);
        assertThat(config.allows("other")).isFalse();
        assertThat(config.of("globex")).isEqualTo(new TenantQuotas(1_000, 0, 50, 2L << 30, 8L << 20, 2));
        assertThat(config.of("acme")).isEqualTo(new TenantQuotas(1_000, 0, 70, 2L << 30, 8L << 20, 2));
        assertThat(config.of("default")).isEqualTo(new TenantQuotas(0, 0, 0, 0, 0, 3));
    }

    @Test
    void an_empty_key_says_that_there_are_tenants_as_they_are_without_it() {
        assertThat(ConfigFileTenants.read("tenants:\n").max()).isEqualTo(8);
        assertThat(ConfigFileTenants.read("tenants: {max: 0}").max()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            tenants: [a]                                        | varve.yml: line 1: tenants: must be keys with values
            tenants: {alow: [a]}                                | unknown key; did you mean "allow"?
            tenants: {allow: a}                                 | tenants.allow: must be a list
            tenants: {allow: ['../x']}                          | tenants.allow[0]: a tenant's name has 1 to 64
            tenants: {allow: ['']}                              | tenants.allow[0]: a tenant's name has 1 to 64
            tenants: {allow: [a, con]}                          | tenants.allow[1]: the name is that of a device
            tenants: {allow: [a, A]}                            | tenants.allow[1]: written twice, or once more in another
            tenants: {allow: [default]}                         | the default tenant is always there
            tenants: {allow: [a], max: 3}                       | tenants.max: not together with allow
            tenants: {max: -1}                                  | must be from 0 to 1000
            tenants: {max: many}                                | not a whole number: many
            tenants: {quotas: {series: 1.5}}                    | tenants.quotas.series: not a whole number: 1.5
            tenants: {quotas: {bytes: 3}}                       | tenants.quotas.bytes: must be 0 for no quota, or at least
            tenants: {quotas: {bytes: much}}                    | tenants.quotas.bytes
            tenants: {quotas: {queries: 3}}                     | tenants.quotas.queries: unknown key
            tenants: {overrides: {'a/b': {}}}                   | a tenant's name has 1 to 64 characters
            tenants: {overrides: {a: {}, A: {}}}                | written twice, or once more in another case
            tenants: {allow: [a], overrides: {b: {}}}           | not in tenants.allow
            tenants: {overrides: {default: {series: 3}}}        | of the default tenant it is limits.series
            """)
    void a_mistake_is_named_with_its_place(String yaml, String message) {
        assertThatThrownBy(() -> ConfigFileTenants.read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
