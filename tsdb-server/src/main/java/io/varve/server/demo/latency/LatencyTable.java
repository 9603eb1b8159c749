package io.varve.server.demo.latency;

import io.varve.core.model.Labels;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.WindowView;
import io.varve.core.telemetry.clock.PeerReading;
import io.varve.server.demo.latency.StageBoard.Row;
import io.varve.server.demo.latency.node.Fault;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the board says, as text: a table for a terminal, one line elsewhere. */
final class LatencyTable {

    private static final String METADATA = "restate_metadata_server_";
    private static final String DURATION = "_duration";

    /** The step that begins in one node and ends in another. */
    private static final String CROSSING = "dequeued";

    private static final String FIRST = "enqueued";
    private static final String LAST = "done";
    private static final List<String> ORDER = List.of(FIRST, CROSSING, "arrived");

    private final StageBoard board;
    private final FaultBoard faults;

    LatencyTable(StageBoard board, FaultBoard faults) {
        this.board = board;
        this.faults = faults;
    }

    /** A table of a fixed number of lines. */
    List<String> table() {
        List<Row> rows = board.rows();
        List<String> lines = new ArrayList<>();
        Row whole = whole(rows);
        lines.add("pp_bifrost, last 10 s: " + (whole == null ? "nothing yet" : traffic(whole.view())));
        lines.add(
                String.format(Locale.ROOT, "  %-22s %10s %10s %10s %10s %10s", "", "p50", "p90", "p95", "p99", "max"));
        for (String from : ORDER) {
            lines.add(line(step(rows, from)));
        }
        lines.add(line(whole));
        lines.add(clocks());
        lines.add(metadata(rows));
        lines.add(faults());
        return lines;
    }

    /** The same in one line. */
    String line() {
        List<Row> rows = board.rows();
        Row whole = whole(rows);
        StringBuilder line = new StringBuilder("pp_bifrost 10s: ");
        line.append(whole == null ? "nothing yet" : traffic(whole.view()));
        for (String from : ORDER) {
            brief(step(rows, from), line);
        }
        brief(whole, line);
        return line.append(" | ")
                .append(clocks())
                .append(" | ")
                .append(metadata(rows))
                .append(" | ")
                .append(faults())
                .toString();
    }

    private static @Nullable Row whole(List<Row> rows) {
        return row(rows, FIRST, true);
    }

    private static @Nullable Row step(List<Row> rows, String from) {
        return row(rows, from, false);
    }

    private static @Nullable Row row(List<Row> rows, String from, boolean whole) {
        for (Row row : rows) {
            Labels series = row.series();
            boolean all = from.equals(FIRST) && LAST.equals(series.get("to"));
            if (series.get(Labels.NAME).equals(Pipeline.METRIC) && from.equals(series.get("from")) && all == whole) {
                return row;
            }
        }
        return null;
    }

    private static String traffic(WindowView view) {
        return String.format(
                Locale.ROOT, "%,.0f/s, %,.1f errors/s, %,d in flight", view.rate(), view.errorRate(), view.inFlight());
    }

    private String line(@Nullable Row row) {
        if (row == null) {
            return "";
        }
        WindowView view = row.view();
        double unsure = uncertainty(row);
        return String.format(
                        Locale.ROOT,
                        "  %-22s %10s %10s %10s %10s %10s",
                        name(row),
                        value(view.p50(), unsure),
                        value(view.p90(), unsure),
                        value(view.p95(), unsure),
                        value(view.p99(), unsure),
                        value(view.max(), unsure))
                + (unsure > 0 ? "  +- " + duration(unsure) : "");
    }

    private void brief(@Nullable Row row, StringBuilder line) {
        if (row != null) {
            WindowView view = row.view();
            double unsure = uncertainty(row);
            line.append(" | ").append(name(row).replace(" -> ", "->"));
            line.append(" p50 ").append(value(view.p50(), unsure));
            line.append(" p90 ").append(value(view.p90(), unsure));
            line.append(" p95 ").append(value(view.p95(), unsure));
            line.append(" p99 ").append(value(view.p99(), unsure));
            line.append(unsure > 0 ? " +- " + duration(unsure) : "");
        }
    }

    private static String name(Row row) {
        return row.series().get("from") + " -> " + row.series().get("to");
    }

    /** How far a latency between two nodes may be off; 0 within one. */
    private double uncertainty(Row row) {
        boolean crosses = CROSSING.equals(row.series().get("from"));
        PeerReading clock = crosses ? board.clock(Role.LOG, Role.PROCESSOR) : null;
        return clock == null ? 0 : clock.uncertaintySeconds();
    }

    /** A latency, or that it is less than what is known. */
    private static String value(double seconds, double unsure) {
        return seconds < unsure ? "<" + duration(unsure) : duration(seconds);
    }

    private String clocks() {
        return "clocks: " + clock(Role.LOG, Role.PROCESSOR) + ", " + clock(Role.PROCESSOR, Role.LOG);
    }

    private String clock(Role node, Role peer) {
        PeerReading reading = board.clock(node, peer);
        String what = peer.text() + " seen by " + node.text() + " ";
        return reading == null
                ? what + "unknown"
                : what
                        + String.format(
                                Locale.ROOT,
                                "%+.2f ms +- %.2f ms",
                                reading.offsetSeconds() * 1e3,
                                reading.uncertaintySeconds() * 1e3);
    }

    private static String metadata(List<Row> rows) {
        StringBuilder line = new StringBuilder("metadata:");
        double errors = 0;
        for (Row row : rows) {
            String name = row.series().get(Labels.NAME);
            if (name.startsWith(METADATA) && name.endsWith(DURATION)) {
                line.append(' ').append(name, METADATA.length(), name.length() - DURATION.length());
                line.append(
                        String.format(Locale.ROOT, " %.0f/s p99 ", row.view().rate()));
                line.append(duration(row.view().p99())).append(',');
                errors += row.view().errorRate();
            }
        }
        return line.append(String.format(Locale.ROOT, " %.1f errors/s", errors)).toString();
    }

    private String faults() {
        StringBuilder line = new StringBuilder("faults:");
        for (Fault fault : Fault.values()) {
            line.append(' ')
                    .append(fault.number())
                    .append(' ')
                    .append(fault.text())
                    .append(faults.isOn(fault) ? " ON" : " off");
        }
        return line.toString();
    }

    /** A duration in seconds as people read it. */
    static String duration(double seconds) {
        if (Double.isNaN(seconds)) {
            return "-";
        }
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
        }
        return seconds < 1
                ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
