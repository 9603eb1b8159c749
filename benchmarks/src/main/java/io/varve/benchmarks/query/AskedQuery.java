package io.varve.benchmarks.query;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is asked.
 *
 * @param name how the table calls it
 * @param paths what is requested, one after the other, as one thing
 */
record AskedQuery(String name, List<String> paths) {

    /** What the metrics of the load {@code devops} begin with. */
    static final String DEVOPS_METRICS = "(cpu|diskio|disk|kernel|mem|net|nginx|postgresl|redis)_.+";

    /** Times between which a load has samples, in seconds. */
    record Span(long start, long end) {}

    private static AskedQuery instant(String expr, Span span) {
        return new AskedQuery(expr, List.of("/api/v1/query?query=" + encoded(expr) + "&time=" + span.end()));
    }

    private static AskedQuery range(String expr, Span span, long step) {
        return new AskedQuery(
                expr + " / " + step + " s",
                List.of("/api/v1/query_range?query=" + encoded(expr) + "&start=" + span.start() + "&end=" + span.end()
                        + "&step=" + step));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Those of the load {@code devops}. */
    static List<AskedQuery> devops(Span span, List<String> metrics) {
        String times = "&start=" + span.start() + "&end=" + span.end();
        List<AskedQuery> all = new ArrayList<>(List.of(
                instant("cpu_usage_user{hostname=\"host_7\"}[1h]", span),
                range("{__name__=~\"cpu_.+\",hostname=\"host_7\"}", span, 60),
                range("avg by (region) (avg_over_time(cpu_usage_user[5m]))", span, 300),
                range("quantile_over_time(0.99, cpu_usage_user[1h])", span, 3_600),
                range("quantile_over_time(0.99, cpu_usage_user[1h])", span, 300),
                range("max by (hostname) (max_over_time(cpu_usage_user[1h]))", span, 3_600),
                range("max by (__name__, region) ({__name__=~\"cpu_.+\"})", span, 300),
                range("topk(5, avg_over_time(cpu_usage_user[5m]))", span, 300),
                range("sum by (datacenter) (rate(net_bytes_sent[5m]))", span, 300),
                range("sum by (datacenter) (rate(net_bytes_sent[5m]))", span, 60),
                range("mem_used / mem_total", span, 300),
                instant("cpu_usage_user{hostname=\"host_7\"}", span),
                new AskedQuery("label values of hostname", List.of("/api/v1/label/hostname/values?" + times)),
                new AskedQuery(
                        "series by two regular expressions",
                        List.of("/api/v1/series?match[]="
                                + encoded("{__name__=~\"cpu_usage_.+\",hostname=~\"host_1.*\"}") + times)),
                instant("sum by (region) (cpu_usage_user)", span)));
        all.add(new AskedQuery(
                "every sample once: sum(sum_over_time(m[25h])) of " + metrics.size() + " metrics",
                metrics.stream()
                        .flatMap(metric -> instant("sum(sum_over_time(" + metric + "[25h]))", span).paths().stream())
                        .toList()));
        return all;
    }

    /** Those of the load {@code k8s}. */
    static List<AskedQuery> k8s(Span span) {
        return List.of(
                range("histogram_quantile(0.99, sum by (le) (rate(rpc_7_duration_seconds_bucket[5m])))", span, 300),
                range("sum by (namespace) (rate(http_requests_total[5m]))", span, 60));
    }

    /** Those of the load {@code card}. */
    static List<AskedQuery> card(Span span) {
        return List.of(
                instant("sum by (job) (rpc_0_duration_seconds_count)", span),
                instant("sum by (le) ({__name__=~\"rpc_.+_bucket\"})", span),
                instant("count({__name__=~\".+\"})", span));
    }
}
