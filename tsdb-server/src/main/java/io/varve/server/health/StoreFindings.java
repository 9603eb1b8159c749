package io.varve.server.health;

import io.varve.core.TsdbCondition;
import io.varve.core.TsdbCondition.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What the conditions of a store's shards say of its parts, of each shard, and of it as a whole. */
final class StoreFindings {

    private StoreFindings() {}

    /** The findings of the users' store: one for each part, the worst of all shards, then one for each shard. */
    static List<Health.Finding> ofParts(Supplier<List<List<TsdbCondition>>> store) {
        List<List<TsdbCondition>> shards = store.get();
        List<Health.Finding> findings = new ArrayList<>();
        for (TsdbCondition.Part part : TsdbCondition.Part.values()) {
            Worst worst = new Worst();
            for (int shard = 0; shard < shards.size(); shard++) {
                for (TsdbCondition condition : shards.get(shard)) {
                    if (condition.part() == part) {
                        worst.add(condition, shards.size() == 1 ? "" : "shard " + shard + ": ");
                    }
                }
            }
            findings.add(worst.finding(name(part)));
        }
        for (int shard = 0; shard < shards.size(); shard++) {
            findings.add(whole("shard " + shard, shards.get(shard)));
        }
        return findings;
    }

    /** One finding of a whole store. */
    static Health.Finding ofWhole(String name, Supplier<List<List<TsdbCondition>>> store) {
        return whole(name, store.get().stream().flatMap(List::stream).toList());
    }

    /** One finding of all tenants beside the default one. */
    static Health.Finding ofTenants(Map<String, List<List<TsdbCondition>>> open, Map<String, String> closed) {
        Worst worst = new Worst();
        open.forEach((tenant, shards) -> shards.forEach(conditions ->
                conditions.forEach(condition -> worst.add(condition, tenant + ": " + name(condition.part()) + ": "))));
        closed.forEach((tenant, reason) -> worst.add(State.FAILED, tenant + ": cannot be opened: " + reason));
        return worst.finding("tenants");
    }

    private static Health.Finding whole(String name, List<TsdbCondition> conditions) {
        Worst worst = new Worst();
        conditions.forEach(condition -> worst.add(condition, name(condition.part()) + ": "));
        return worst.finding(name);
    }

    private static String name(TsdbCondition.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /** Gathers conditions into the worst state, with all reasons. */
    private static final class Worst {

        private State state = State.OK;
        private final List<String> reasons = new ArrayList<>();

        void add(TsdbCondition condition, String where) {
            add(condition.state(), where + condition.reason());
        }

        void add(State found, String reason) {
            state = found.compareTo(state) > 0 ? found : state;
            if (found != State.OK) {
                reasons.add(reason);
            }
        }

        Health.Finding finding(String name) {
            return new Health.Finding(name, state, reasons.isEmpty() ? null : String.join("; ", reasons));
        }
    }
}
