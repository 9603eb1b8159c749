package io.varve.core.compact;

import io.varve.core.model.Labels;
import io.varve.core.model.RetentionRule;
import java.util.ArrayList;
import java.util.List;

/**
 * From when on the samples of a series are all still there: the cutoffs with which samples were ever taken out of
 * files. A rollup is made anew from samples only where none of them can be missing. Cutoffs of one configuration of
 * retention are one entry; another begins where its rules change. Immutable.
 */
public final class RawFloors {

    /** Nothing was ever taken out. */
    public static final RawFloors NONE = new RawFloors(List.of());

    /** Entries that are kept; older configurations are then taken for the strictest of theirs. */
    private static final int MAX_ENTRIES = 8;

    private final List<Cutoffs> entries;

    private RawFloors(List<Cutoffs> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Floors as they were stored. */
    public static RawFloors of(List<Cutoffs> entries) {
        return entries.isEmpty() ? NONE : new RawFloors(entries);
    }

    /** The entries, oldest first. */
    public List<Cutoffs> entries() {
        return entries;
    }

    /** Before this, samples of a series may be missing; {@link Long#MIN_VALUE} if none are. */
    public long of(Labels labels) {
        long floor = Long.MIN_VALUE;
        for (Cutoffs entry : entries) {
            floor = Math.max(floor, entry.of(labels));
        }
        return floor;
    }

    /** Before this, samples of every series may be missing. */
    public long lowest() {
        long floor = Long.MIN_VALUE;
        for (Cutoffs entry : entries) {
            floor = Math.max(floor, entry.lowest());
        }
        return floor;
    }

    /** Before this, samples of some series may be missing; {@link Long#MIN_VALUE} if none are. */
    public long highest() {
        long floor = Long.MIN_VALUE;
        for (Cutoffs entry : entries) {
            floor = Math.max(floor, entry.highest());
        }
        return floor;
    }

    /** With cutoffs that samples are about to be taken out with; the same object if they change nothing. */
    public RawFloors with(Cutoffs applied) {
        if (entries.isEmpty()) {
            return takesNothing(applied) ? this : new RawFloors(List.of(applied));
        }
        Cutoffs last = entries.get(entries.size() - 1);
        boolean sameRules = sameRules(last.rules(), applied.rules());
        Cutoffs raised = sameRules ? highest(last, applied) : applied;
        if (sameRules ? same(last, raised) : takesNothing(applied)) {
            return this;
        }
        List<Cutoffs> more = new ArrayList<>(sameRules ? entries.subList(0, entries.size() - 1) : entries);
        more.add(raised);
        if (more.size() > MAX_ENTRIES) {
            Cutoffs strictest = strictest(more.get(0), more.get(1));
            more.subList(0, 2).clear();
            more.add(0, strictest);
        }
        return new RawFloors(more);
    }

    /** With all samples up to a time gone, of whatever series. */
    public RawFloors withAllUpTo(long time) {
        RawFloors raised = this;
        if (lowest() <= time) {
            List<Cutoffs> more = new ArrayList<>(entries);
            more.add(0, new Cutoffs(time + 1, List.of(), new long[0]));
            if (more.size() > MAX_ENTRIES
                    || more.size() > 1 && more.get(1).rules().isEmpty()) {
                Cutoffs strictest = strictest(more.get(0), more.get(1));
                more.subList(0, 2).clear();
                more.add(0, strictest);
            }
            raised = new RawFloors(more);
        }
        return raised;
    }

    private static boolean takesNothing(Cutoffs cutoffs) {
        return cutoffs.highest() == Long.MIN_VALUE;
    }

    private static Cutoffs strictest(Cutoffs a, Cutoffs b) {
        return new Cutoffs(Math.max(a.highest(), b.highest()), List.of(), new long[0]);
    }

    private static Cutoffs highest(Cutoffs a, Cutoffs b) {
        long[] byRule = new long[a.rules().size()];
        for (int i = 0; i < byRule.length; i++) {
            byRule[i] = Math.max(a.ofRule(i), b.ofRule(i));
        }
        return new Cutoffs(Math.max(a.standard(), b.standard()), a.rules(), byRule);
    }

    private static boolean same(Cutoffs a, Cutoffs b) {
        boolean same = a.standard() == b.standard();
        for (int i = 0; i < a.rules().size(); i++) {
            same &= a.ofRule(i) == b.ofRule(i);
        }
        return same;
    }

    /** Ages do not matter: what counts is which series each rule is for. */
    private static boolean sameRules(List<RetentionRule> a, List<RetentionRule> b) {
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = a.get(i).match().equals(b.get(i).match());
        }
        return same;
    }
}
