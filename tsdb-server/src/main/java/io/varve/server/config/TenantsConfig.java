package io.varve.server.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants there may be, and what each may cost: the key {@code tenants}.
 *
 * @param configured whether the key is there
 * @param allow the only names that there may be; if it is empty, whichever names are written to first
 * @param max how many there may be if {@code allow} is empty
 * @param quotas of tenants that have none of their own
 * @param overrides quotas of single tenants, those of the default one among them
 */
public record TenantsConfig(
        boolean configured, Set<String> allow, int max, TenantQuotas quotas, Map<String, TenantQuotas> overrides) {

    /** The key that is read here. */
    static final String KEY = "tenants";

    private static final int MOST = 1_000;
    private static final int STANDARD = 8;
    private static final List<String> KEYS = List.of("allow", "max", "quotas", "overrides");

    static TenantsConfig from(ConfigValues values, LimitsConfig limits) {
        YamlNode tree = values.tree(KEY);
        Map<String, YamlNode> keys = tree == null ? new HashMap<>() : tree.keys(KEYS);
        Set<String> allow = allow(keys.get("allow"));
        YamlNode most = keys.get("max");
        int max = most == null ? STANDARD : (int) TenantQuotas.count(most, 0, MOST);
        if (!allow.isEmpty() && most != null) {
            throw most.refusal("not together with allow, which says how many there may be: remove one of them");
        }
        TenantQuotas quotas = TenantQuotas.standard(limits).with(keys.get("quotas"));
        Map<String, TenantQuotas> overrides = new LinkedHashMap<>();
        YamlNode single = keys.get("overrides");
        if (single != null) {
            Set<String> seen = new HashSet<>();
            single.keys().forEach((name, node) -> {
                named(name, node, seen);
                boolean standard = name.equals(TenantName.DEFAULT);
                if (!standard && !allow.isEmpty() && !allow.contains(name)) {
                    throw node.refusal("not in tenants.allow: add it there, or remove its quotas");
                }
                overrides.put(name, standard ? TenantQuotas.NONE.withoutSeries(node) : quotas.with(node));
            });
        }
        return new TenantsConfig(
                tree != null && !tree.isEmpty(),
                allow,
                allow.isEmpty() ? max : allow.size(),
                quotas,
                Map.copyOf(overrides));
    }

    private static Set<String> allow(@Nullable YamlNode node) {
        Set<String> allow = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        if (node == null) {
            return allow;
        }
        for (YamlNode name : node.list()) {
            named(name.text(), name, seen);
            if (name.text().equals(TenantName.DEFAULT)) {
                throw name.refusal("the default tenant is always there: remove it from the list");
            }
            allow.add(name.text());
        }
        if (allow.size() > MOST) {
            throw node.refusal("at most " + MOST + " tenants: " + allow.size());
        }
        return allow;
    }

    private static void named(String name, YamlNode node, Set<String> seen) {
        String refusal = TenantName.refusal(name);
        if (!refusal.isEmpty()) {
            throw node.refusal(refusal);
        }
        if (!seen.add(TenantName.key(name))) {
            throw node.refusal("written twice, or once more in another case: " + name);
        }
    }

    /** Whether there may be a tenant of that name, how many there are already left aside. */
    public boolean allows(String name) {
        return allow.isEmpty() || allow.contains(name);
    }

    /** What a tenant may cost; the default one has no quotas but those that were written for it. */
    public TenantQuotas of(String name) {
        return overrides.getOrDefault(name, name.equals(TenantName.DEFAULT) ? TenantQuotas.NONE : quotas);
    }
}
