package io.varve.server.rules.testing;

import io.varve.core.model.Histogram;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryException;
import io.varve.query.QueryOptions;
import io.varve.query.QueryResult;
import io.varve.query.histogram.HistogramMath;
import io.varve.server.config.Quantity;
import io.varve.server.rules.AlertSetting;
import io.varve.server.rules.GroupStatus;
import io.varve.server.rules.RuleEvaluation;
import io.varve.server.rules.RuleGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one test: rules are evaluated at an interval from its start on, and compared with what it expects. */
final class TestRun {

    /** Most evaluations of a test. */
    static final long MAX_EVALUATIONS = 1_000_000;

    private final TestFile file;
    private final RuleTest test;
    private final List<RuleGroup> groups;
    private final QueryOptions options;
    private final TimeSource clock;
    private final List<Difference> differences = new ArrayList<>();

    /** @param groups of its rule files, in the order of their evaluation */
    TestRun(TestFile file, RuleTest test, List<RuleGroup> groups, QueryOptions options, TimeSource clock) {
        this.file = file;
        this.test = test;
        this.groups = groups;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Runs it; no difference if all is as expected.
     *
     * @throws IOException if the store of the test fails
     */
    List<Difference> run() throws IOException {
        if (test.last().dividedBy(file.interval()) >= MAX_EVALUATIONS) {
            return List.of(Difference.failure("more than " + MAX_EVALUATIONS + " evaluations: "
                    + Quantity.describe(test.last()) + " at an interval of " + Quantity.describe(file.interval())));
        }
        try (TestStore store = new TestStore(test, options)) {
            if (evaluate(store)) {
                test.expressions().forEach(expression -> check(store, expression));
            }
        }
        return differences;
    }

    /** Whether all rules could be evaluated. */
    private boolean evaluate(TestStore store) {
        RuleEvaluation evaluation = new RuleEvaluation(
                groups, store.rules(), AlertSetting.defaults(test.externalLabels(), test.externalUrl()), clock);
        List<RuleTest.Alerts> expected = new ArrayList<>(test.alerts());
        expected.sort(Comparator.comparing(RuleTest.Alerts::at));
        int next = 0;
        Duration last = test.last();
        for (Duration at = Duration.ZERO; at.compareTo(last) <= 0; at = at.plus(file.interval())) {
            Instant now = test.start().plus(at);
            List<GroupStatus> groupsNow;
            try {
                store.fill(now);
                groupsNow = evaluation.evaluate(now);
            } catch (IllegalStateException e) {
                differences.add(Difference.failure("time: " + Quantity.describe(at) + ", err: " + e.getMessage()));
                return false;
            }
            if (hasFailures(groupsNow, at)) {
                return false;
            }
            Duration until = at.plus(file.interval());
            for (; next < expected.size() && expected.get(next).at().compareTo(until) < 0; next++) {
                check(groupsNow, expected.get(next));
            }
        }
        return true;
    }

    private boolean hasFailures(List<GroupStatus> groupsNow, Duration at) {
        boolean failed = false;
        for (GroupStatus group : groupsNow) {
            for (GroupStatus.RuleStatus rule : group.rules()) {
                if (rule.error() != null) {
                    failed = true;
                    differences.add(Difference.failure("rule: " + rule.rule().name() + ", time: "
                            + Quantity.describe(at) + ", err: " + rule.error()));
                }
            }
        }
        return failed;
    }

    private void check(List<GroupStatus> groupsNow, RuleTest.Alerts expected) {
        List<String> wanted = new ArrayList<>();
        for (RuleTest.ExpectedAlert alert : expected.expected()) {
            Map<String, String> labels = new TreeMap<>(alert.labels());
            labels.put("alertname", expected.name());
            wanted.add(Difference.alert(labels, alert.annotations()));
        }
        List<String> got = new ArrayList<>();
        for (GroupStatus group : groupsNow) {
            for (GroupStatus.RuleStatus rule : group.rules()) {
                if (rule.rule().name().equals(expected.name())) {
                    rule.alerts().stream()
                            .filter(alert -> alert.state().equals("firing"))
                            .map(alert -> Difference.alert(Difference.map(alert.labels()), alert.annotations()))
                            .forEach(got::add);
                }
            }
        }
        wanted.sort(null);
        got.sort(null);
        if (!wanted.equals(got)) {
            String what = "alertname: " + expected.name() + ", time: " + Quantity.describe(expected.at());
            differences.add(new Difference(what, wanted, got));
        }
    }

    private void check(TestStore store, RuleTest.Expression expected) {
        String what = "expr: \"" + expected.text() + "\", time: " + Quantity.describe(expected.at());
        List<RuleTest.ExpectedSample> got = new ArrayList<>();
        try {
            long at = store.resolution().ticks(test.start().plus(expected.at()));
            for (QueryResult.Sample sample : store.rules().query(expected.text(), at)) {
                got.add(new RuleTest.ExpectedSample(sample.labels(), sample.value(), sample.histogram()));
            }
        } catch (QueryException e) {
            differences.add(Difference.failure(what + ", err: " + e.getMessage()));
            return;
        }
        List<RuleTest.ExpectedSample> wanted = new ArrayList<>(expected.expected());
        wanted.sort(Comparator.comparing(RuleTest.ExpectedSample::labels));
        got.sort(Comparator.comparing(RuleTest.ExpectedSample::labels));
        boolean same = wanted.size() == got.size();
        for (int i = 0; same && i < got.size(); i++) {
            same = isSame(wanted.get(i), got.get(i));
        }
        if (!same) {
            differences.add(new Difference(
                    what,
                    wanted.stream().map(Difference::sample).toList(),
                    got.stream().map(Difference::sample).toList()));
        }
    }

    /** A hint of a histogram counts only where one is expected. */
    private boolean isSame(RuleTest.ExpectedSample wanted, RuleTest.ExpectedSample got) {
        Histogram a = wanted.histogram();
        Histogram b = got.histogram();
        if (!wanted.labels().equals(got.labels()) || (a == null) != (b == null)) {
            return false;
        }
        if (a != null && b != null) {
            boolean anyHint = a.hint() == io.varve.core.model.ResetHint.UNKNOWN;
            return HistogramMath.areEqual(a, b) && (anyHint || a.hint() == b.hint());
        }
        double x = wanted.value();
        double y = got.value();
        boolean neighbours = file.fuzzy() && (Math.nextUp(x) == y || Math.nextDown(x) == y);
        return x == y || Double.isNaN(x) && Double.isNaN(y) || neighbours;
    }
}
