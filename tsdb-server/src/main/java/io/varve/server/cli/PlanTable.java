package io.varve.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints what a query would read for people: the expression as a tree, below each selector what it reads. */
final class PlanTable {

    private final PrintStream out;
    private final PrintStream err;

    PlanTable(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Prints an answer.
     *
     * @return exit code
     * @throws IOException if it is no answer of the API
     */
    int print(byte[] json) throws IOException {
        AnswerTable answers = new AnswerTable(out, err);
        Map<?, ?> answer = answers.successful(json);
        if (answer == null) {
            return 1;
        }
        if (!(answer.get("data") instanceof Map<?, ?> data) || !(data.get("plan") instanceof Map<?, ?> root)) {
            throw new IOException("the answer is not that of a server that explains");
        }
        node(root, "", "");
        out.println();
        out.println(count(data, "steps", "step") + ", " + count(data, "series", "series") + ", "
                + count(data, "samples", "sample") + " to decode, " + size(data.get("bytes")) + " to read, at most "
                + size(data.get("memory_bytes")) + " of memory");
        if (data.get("refusals") instanceof List<?> refusals) {
            refusals.forEach(refusal -> out.println("beyond limits: " + refusal));
        }
        answers.notes("warning", answer.get("warnings"));
        return 0;
    }

    /**
     * Prints a part and what is below it.
     *
     * @param first what its line begins with
     * @param rest what the lines below begin with
     */
    private void node(Map<?, ?> node, String first, String rest) {
        out.println(first + node.get("text") + "  (" + node.get("line") + ":" + node.get("column") + ")");
        for (Object read : list(node.get("reads"))) {
            if (read instanceof Map<?, ?> some) {
                read(some, rest + (list(node.get("children")).isEmpty() ? "   " : "│  "));
            }
        }
        List<?> children = list(node.get("children"));
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            if (children.get(i) instanceof Map<?, ?> child) {
                node(child, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
            }
        }
    }

    private void read(Map<?, ?> read, String indent) {
        out.println(indent + read.get("path") + ": " + count(read, "series", "series") + ", "
                + count(read, "samples", "sample") + ", " + size(read.get("bytes")) + ", from "
                + time(read.get("start")) + " to " + time(read.get("end")));
        for (Object element : list(read.get("sources"))) {
            if (element instanceof Map<?, ?> source && source.get("pages") instanceof Map<?, ?> pages) {
                List<String> parts = new ArrayList<>();
                pages.forEach((way, number) -> {
                    if (!"0".equals(number)) {
                        parts.add(grouped(number) + " pages by " + way);
                    }
                });
                parts.add(size(source.get("bytes")));
                out.println(indent + "  " + source.get("source") + " (" + source.get("places") + "): "
                        + String.join(", ", parts));
            }
        }
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String time(@Nullable Object seconds) {
        return AnswerTable.time(new BigDecimal(String.valueOf(seconds)));
    }

    private static String count(Map<?, ?> of, String name, String one) {
        String number = grouped(of.get(name));
        return number + " " + (number.equals("1") || one.endsWith("s") ? one : one + "s");
    }

    private static String grouped(@Nullable Object number) {
        return String.format(Locale.ROOT, "%,d", new BigDecimal(String.valueOf(number)).longValue());
    }

    private static String size(@Nullable Object bytes) {
        double size = new BigDecimal(String.valueOf(bytes)).doubleValue();
        if (size < 1 << 10) {
            return String.format(Locale.ROOT, "%.0f B", size);
        }
        return size < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", size / (1 << 10))
                : String.format(Locale.ROOT, "%,.1f MiB", size / (1 << 20));
    }
}
