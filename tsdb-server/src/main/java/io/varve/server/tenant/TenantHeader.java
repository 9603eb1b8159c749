package io.varve.server.tenant;

import io.varve.server.config.TenantName;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;
import io.varve.server.write.LabelRules;
import java.util.List;

/** Reads from a request whom it is for. Stateless. */
public final class TenantHeader {

    /** Names a tenant; the name that Cortex, Mimir and Loki gave it. */
    public static final String NAME = "X-Scope-OrgID";

    private TenantHeader() {}

    /**
     * The tenant of a request: a name that is fit to be that of a directory.
     *
     * @throws HttpProblem 400 if the header is there more than once, or holds anything else
     */
    public static String of(HttpExchange exchange) {
        List<String> values = exchange.headers(NAME);
        if (values.isEmpty()) {
            return TenantName.DEFAULT;
        }
        if (values.size() > 1) {
            throw HttpProblem.badData(
                    NAME + " is there " + values.size() + " times: send it once, a request is for one tenant");
        }
        String name = values.get(0);
        String refusal = TenantName.refusal(name);
        if (!refusal.isEmpty()) {
            throw HttpProblem.badData(NAME + ": " + refusal + ": value=" + LabelRules.shown(name));
        }
        return name;
    }
}
