package io.varve.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.scrape.discovery.FileTargets;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.discovery.TargetBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/scraping.md are read as a server would. */
class ScrapingDocumentTest {

    private static final Pattern BLOCK = Pattern.compile("```(?:yaml|json)\\n(.*?)```", Pattern.DOTALL);

    @Test
    void itsFilesAreReadTogether(@TempDir Path directory) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(Path.of("../docs/scraping.md")));
        while (found.find()) {
            blocks.add(found.group(1));
        }
        assertThat(blocks).hasSize(2);
        Path file = Files.writeString(directory.resolve("varve.yml"), blocks.get(0));
        Files.createDirectory(directory.resolve("targets"));
        Files.writeString(directory.resolve("targets/services.json"), blocks.get(1));
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        List<ScrapeConfig> jobs =
                ServerConfig.from(values, 1L << 30, false).scrapes().jobs();
        assertThat(jobs).extracting(ScrapeConfig::job).containsExactly("node", "services");
        assertThat(jobs.get(1).limits().bodyBytes()).isEqualTo(10 << 20);
        List<String> problems = new ArrayList<>();
        FileTargets files = new FileTargets(jobs.get(1).files().get(0), problems::add);
        files.look(true);
        assertThat(problems).isEmpty();
        TargetBuilder builder = new TargetBuilder(jobs.get(1));
        List<String> targets = new ArrayList<>();
        files.groups().forEach(group -> group.targets().forEach(address -> {
            Target target = builder.build(address, group.labels()).target();
            targets.add(target == null ? "dropped" : target.labels().toString());
        }));
        assertThat(targets).containsExactly("{instance=\"service-1:8080\",job=\"services\",zone=\"north\"}", "dropped");
    }
}
