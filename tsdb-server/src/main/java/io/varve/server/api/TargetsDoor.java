package io.varve.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.query.QueryException;
import io.varve.server.config.Quantity;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.Parameters;
import io.varve.server.scrape.JobStatus;
import io.varve.server.scrape.TargetStatus;
import io.varve.server.scrape.format.SaidOfMetric;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/targets}, its metadata, and {@code /api/v1/scrape_pools}, as Prometheus answers them. */
final class TargetsDoor {

    private final ScrapeSource source;
    private final QueryService queries;

    TargetsDoor(ScrapeSource source, QueryService queries) {
        this.source = source;
        this.queries = queries;
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

    void metadata(HttpExchange exchange) throws IOException {
        Parameters parameters = exchange.parameters();
        String metric = parameters.first("metric");
        String selector = parameters.first("match_target");
        int limit = ApiParameters.limit(parameters);
        List<Matcher> matchers;
        try {
            matchers = selector.isEmpty() ? List.of() : queries.selector(selector);
        } catch (QueryException e) {
            throw HttpProblem.badData("invalid parameter \"match_target\": " + e.getMessage());
        }
        Map<Labels, SortedMap<String, SaidOfMetric>> found = source.metadata(
                labels -> matchers.stream().allMatch(matcher -> matcher.matches(labels.get(matcher.name()))));
        exchange.respond(JsonBody.success(json -> {
            int written = 0;
            json.writeStartArray();
            for (Map.Entry<Labels, SortedMap<String, SaidOfMetric>> target : found.entrySet()) {
                for (SaidOfMetric said : target.getValue().values()) {
                    boolean chosen = metric.isEmpty() || said.metric().equals(metric);
                    if (chosen && (limit == 0 || written++ < limit)) {
                        said(json, target.getKey(), said, metric.isEmpty());
                    }
                }
            }
            json.writeEndArray();
        }));
    }

    private static void said(JsonGenerator json, Labels target, SaidOfMetric said, boolean named) throws IOException {
        json.writeStartObject();
        labels(json, "target", target);
        if (named) {
            json.writeStringField("metric", said.metric());
        }
        json.writeStringField("type", said.type().isEmpty() ? "unknown" : said.type());
        json.writeStringField("help", said.help());
        json.writeStringField("unit", said.unit());
        json.writeEndObject();
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
