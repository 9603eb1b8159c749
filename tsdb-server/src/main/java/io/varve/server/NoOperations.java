package io.varve.server;

import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.server.api.AdminDoors;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpProblem;
import java.util.List;

/** What an operator may ask of a tenant that has no store yet: nothing. */
enum NoOperations implements AdminDoors.Operations {
    /** The only one. */
    INSTANCE;

    private static HttpProblem refusal() {
        return HttpProblem.of(ErrorType.NOT_FOUND, "the tenant has no data yet: its first write makes its store");
    }

    @Override
    public void flush() {
        throw refusal();
    }

    @Override
    public void compact() {
        throw refusal();
    }

    @Override
    public String snapshot() {
        throw refusal();
    }

    @Override
    public void confirmClock() {
        throw refusal();
    }

    @Override
    public void delete(List<Matcher> matchers, TimeRange range) {
        throw refusal();
    }

    @Override
    public void cleanTombstones() {
        throw refusal();
    }
}
