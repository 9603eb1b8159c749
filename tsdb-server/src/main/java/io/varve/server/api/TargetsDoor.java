package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Labels;
import io.varve.server.config.Quantity;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import io.varve.server.scrape.JobStatus;
import io.varve.server.scrape.TargetStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/targets} and {@code /api/v1/scrape_pools}, as Prometheus answers them. */
final class TargetsDoor {

    private final ScrapeSource source;

    TargetsDoor(ScrapeSource source) {
        this.source = source;
    }

    void targets(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        String state = parameters.first("state").toLowerCase(Locale.ROOT);
        if (!List.of("", "any", "active", "dropped").contains(state)) {
            throw HttpProblem.badData("invalid parameter \"state\": must be active, dropped or any: " + state);
        }
        String pool = parameters.first("scrapePool");
        List<JobStatus> jobs = source.jobs().stream()
                .filter(job -> pool.isEmpty() || job.name().equals(pool))
                .toList();
        boolean active = !state.equals("dropped");
        boolean dropped = !state.equals("active");
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("activeTargets");
            for (JobStatus job : active ? jobs : List.<JobStatus>of()) {
                for (TargetStatus target : job.targets()) {
                    target(json, target);
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("droppedTargets");
            for (JobStatus job : dropped ? jobs : List.<JobStatus>of()) {
                for (Labels labels : job.dropped()) {
                    json.writeStartObject();
                    labels(json, "discoveredLabels", labels);
                    json.writeStringField("scrapePool", job.name());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("droppedTargetCounts");
            for (JobStatus job : dropped ? jobs : List.<JobStatus>of()) {
                json.writeNumberField(job.name(), job.droppedCount());
            }
            json.writeEndObject();
            json.writeEndObject();
        }));
    }

    private static void target(JsonGenerator json, TargetStatus status) throws IOException {
        json.writeStartObject();
        labels(json, "discoveredLabels", status.target().discovered());
        labels(json, "labels", status.target().labels());
        json.writeStringField("scrapePool", status.job());
        json.writeStringField("scrapeUrl", status.target().uri().toString());
        json.writeStringField("globalUrl", status.target().uri().toString());
        json.writeStringField("lastError", status.error());
        json.writeStringField("lastScrape", time(status.scrapedAt()));
        json.writeNumberField("lastScrapeDuration", status.seconds());
        json.writeStringField("health", status.health().name().toLowerCase(Locale.ROOT));
        json.writeStringField(
                "scrapeInterval", Quantity.describe(status.target().interval()));
        json.writeStringField("scrapeTimeout", Quantity.describe(status.target().timeout()));
        json.writeEndObject();
    }

    private static void labels(JsonGenerator json, String field, Labels labels) throws IOException {
        json.writeObjectFieldStart(field);
        for (int i = 0; i < labels.size(); i++) {
            json.writeStringField(labels.name(i), labels.value(i));
        }
        json.writeEndObject();
    }

    /** A time as Go's API writes it; its zero stands for never. */
    private static String time(@Nullable Instant time) {
        return time == null ? "0001-01-01T00:00:00Z" : DateTimeFormatter.ISO_INSTANT.format(time);
    }

    void pools(HttpExchange exchange) {
        List<JobStatus> jobs = source.jobs();
        exchange.respond(JsonBody.success(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("scrapePools");
            for (String name : jobs.stream().map(JobStatus::name).sorted().toList()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }
}
