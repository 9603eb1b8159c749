package io.varve.server;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.http.RequestObserver;
import java.util.Set;

/** Counts requests by route and status, and how long they took. Safe for any thread. */
final class RequestMetrics implements RequestObserver {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");

    private final Counter requests;
    private final Distribution durations;

    RequestMetrics(Telemetry telemetry) {
        this.requests = telemetry.counter(
                Metric.of("varve_http_requests_total", "Requests that were answered."), "route", "method", "status");
        this.durations = telemetry.latency(
                Metric.of("varve_http_request_duration_seconds", "From a request's headers to the end of its answer."),
                "route");
    }

    @Override
    public void answered(String method, String route, int status, long nanos) {
        String known = route.isEmpty() ? "none" : route; // what a client made up never becomes a label
        requests.labels(known, METHODS.contains(method) ? method : "other", Integer.toString(status))
                .inc();
        durations.labels(known).record(nanos);
    }
}
