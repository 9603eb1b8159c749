package io.varve.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.config.ConfigFileTenants;
import io.varve.server.config.TenantQuotas;
import io.varve.server.config.TenantsConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/tenants.md do what it says. */
class TenantsDocumentTest {

    private static final Pattern HEADER = Pattern.compile("-H '([^:]+): ([^']+)'");
    private static final Pattern DATA = Pattern.compile("--data-binary '([^']+)'");
    private static final Pattern PATH = Pattern.compile("\\$VARVE(/[^\"\\s]+)");

    @TempDir
    Path directory;

    private static String block(String language) throws IOException {
        Matcher found = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/tenants.md")));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static String group(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        return found.find() ? found.group(1) : "";
    }

    @Test
    void one_tenant_sees_what_was_written_for_it_and_the_default_one_does_not() throws IOException {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ServerUnderTest server = ServerUnderTest.start(directory, block("yaml"))) {
            for (String line : block("sh").strip().split("\n", -1)) {
                Matcher header = HEADER.matcher(line);
                String[] headers = header.find() ? new String[] {header.group(1), header.group(2)} : new String[0];
                assertThat(line).startsWith("curl ");
                answers.add(server.send(
                        line.contains("-X POST") ? "POST" : "GET",
                        group(PATH, line),
                        group(DATA, line).getBytes(UTF_8),
                        headers));
            }
        }
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(204, 200, 200);
        assertThat(answers.get(1).body()).contains("\"path\":\"/\"").contains("\"5\"");
        assertThat(answers.get(2).body()).contains("\"result\":[]");
    }

    @Test
    void its_configuration_is_what_holds_without_one_but_for_names_and_overrides() throws IOException {
        TenantsConfig written = ConfigFileTenants.read(block("yaml"));
        TenantQuotas standard = ConfigFileTenants.read("").quotas();
        assertThat(written.quotas()).isEqualTo(standard);
        assertThat(written.allow()).containsExactly("acme", "globex");
        assertThat(written.of("globex").samplesPerSecond()).isEqualTo(5_000);
        assertThat(written.of("default").queryConcurrency()).isEqualTo(6);
        assertThat(ConfigFileTenants.read("").max()).isEqualTo(8);
    }
}
