package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.CommitException;
import io.varve.server.api.AdminDoors;
import io.varve.server.write.WriteAnswers;
import java.io.IOException;
import java.util.List;

/** What an operator may ask of a store. Any thread. */
final class StoreOperations implements AdminDoors.Operations {

    private final Tsdb store;

    StoreOperations(Tsdb store) {
        this.store = store;
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public void compact() throws IOException {
        store.compact();
    }

    @Override
    public String snapshot() throws IOException {
        return store.snapshot();
    }

    @Override
    public void confirmClock() {
        store.confirmClock();
    }

    @Override
    public void delete(List<Matcher> matchers, TimeRange range) {
        try {
            store.delete(matchers, range);
        } catch (CommitException e) {
            throw WriteAnswers.problem(e);
        }
    }

    @Override
    public void cleanTombstones() throws IOException {
        store.cleanTombstones();
    }
}
