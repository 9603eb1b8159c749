package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.TsdbConfig;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads of tenants keep within what all heads may have. */
class MemoryPlanTest {

    private static final long MEMORY = 1L << 30;
    private static final long HEADS = MEMORY / 100 * 45;

    @TempDir
    Path directory;

    private ServerConfig config(String yaml) throws IOException {
        ConfigValues values = new ConfigValues();
        ConfigFile.read(Files.writeString(directory.resolve("varve.yml"), yaml), values);
        return ServerConfig.from(values, MEMORY, false);
    }

    @Test
    void without_configuration_the_default_tenant_has_all_of_it_and_others_a_little_beside() throws IOException {
        ServerConfig config = config("");
        assertThat(MemoryPlan.store(config).headBytes()).isEqualTo(HEADS);
        assertThat(8 * MemoryPlan.tenant(config, "acme").headBytes()).isLessThanOrEqualTo(MEMORY / 25);
    }

    @Test
    void tenants_that_are_configured_share_a_third() throws IOException {
        ServerConfig config = config("tenants: {allow: [a, b, c, d]}\n");
        long all = MemoryPlan.store(config).headBytes()
                + 4 * MemoryPlan.tenant(config, "a").headBytes();
        assertThat(all).isBetween(HEADS - 8, HEADS);
        assertThat(MemoryPlan.store(config).headBytes()).isBetween(HEADS * 2 / 3, HEADS * 2 / 3 + 1);
    }

    @Test
    void with_none_allowed_the_default_tenant_has_all_of_it() throws IOException {
        assertThat(MemoryPlan.store(config("tenants: {max: 0}\n")).headBytes()).isEqualTo(HEADS);
    }

    @Test
    void limits_of_series_are_those_of_the_tenant() throws IOException {
        ServerConfig config = config("tenants: {quotas: {series: 7, new_series_per_minute: 3}}\n");
        TsdbConfig acme = MemoryPlan.tenant(config, "acme");
        assertThat(acme.maxSeries()).isEqualTo(7);
        assertThat(acme.newSeriesPerMinute()).isEqualTo(3);
        assertThat(MemoryPlan.store(config).maxSeries()).isEqualTo(10_000_000);
        ServerConfig none = config("tenants: {quotas: {series: 0}}\nlimits: {series: 99}\n");
        assertThat(MemoryPlan.tenant(none, "acme").maxSeries()).isEqualTo(99);
    }
}
