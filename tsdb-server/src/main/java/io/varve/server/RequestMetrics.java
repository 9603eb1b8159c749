package io.varve.server;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Gauge;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.health.RequestPeaks;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.http.RequestObserver;
import java.util.Set;

/** Counts requests by route and status, those in flight, how long they took and how large they were. Any thread. */
final class RequestMetrics implements RequestObserver {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");

    private final Counter requests;
    private final Distribution durations;
    private final Gauge inFlight;
    private final RequestPeaks peaks;

    RequestMetrics(Telemetry telemetry, RequestPeaks peaks) {
        this.peaks = peaks;
        this.inFlight = telemetry.gauge(
                Metric.of("varve_http_requests_in_flight", "Requests that are being answered, by route."), "route");
        this.requests = telemetry.counter(
                Metric.of("varve_http_requests_total", "Requests that were answered."), "route", "method", "status");
        this.durations = telemetry.latency(
                Metric.of("varve_http_request_duration_seconds", "From a request's headers to the end of its answer."),
                "route");
    }

    @Override
    public void began(String route) {
        inFlight.labels(route).add(1);
    }

    @Override
    public void body(long bytes) {
        peaks.record(Kind.BODY_BYTES, bytes);
    }

    @Override
    public void answered(String method, String route, int status, long nanos) {
        String known = route.isEmpty() ? "none" : route; // what a client made up never becomes a label
        requests.labels(known, METHODS.contains(method) ? method : "other", Integer.toString(status))
                .inc();
        durations.labels(known).record(nanos);
        if (!route.isEmpty()) { // only then did it begin
            inFlight.labels(route).add(-1);
        }
    }
}
