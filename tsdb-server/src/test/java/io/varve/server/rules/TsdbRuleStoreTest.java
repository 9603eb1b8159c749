package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryMemory;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.ActiveQuery;
import io.varve.server.queries.SlowQueryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of rules under watch. */
class TsdbRuleStoreTest {

    @Test
    void queriesOfRulesAreListedAndCanBeEnded(@TempDir Path directory) throws IOException {
        List<String> slow = new ArrayList<>();
        ActiveQueries active = new ActiveQueries(
                TimeSource.system(),
                new QueryMemory(() -> 1L << 20),
                new SlowQueryLog(() -> Duration.ZERO, TimeSource.system(), slow::add));
        List<String> seen = new ArrayList<>();
        boolean[] cancel = {false};
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            QueryEngine engine = QueryEngine.over(db);
            try (TsdbRuleStore store = new TsdbRuleStore(
                    db,
                    () -> {
                        for (ActiveQuery query : active.list()) {
                            seen.add(query.client() + " " + query.state() + " " + query.expression());
                            if (cancel[0]) {
                                active.cancel(query.id());
                            }
                        }
                        return engine;
                    },
                    Durability.MEMORY)) {
                store.list(active);
                assertThat(store.query("vector(7)", 0)).hasSize(1);
                assertThat(seen).containsExactly("rules RUNNING vector(7)");
                assertThat(active.list()).isEmpty();
                cancel[0] = true;
                assertThatThrownBy(() -> store.query("sum(up)", 0))
                        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.kind())
                                .isEqualTo(QueryException.Kind.CANCELED));
                assertThat(active.list()).isEmpty();
                assertThat(active.memory().used()).isZero();
            }
        }
    }
}
