package io.varve.core.storage;

import io.varve.core.model.SampleKind;
import java.util.Map;

/**
 * What became of a batch.
 *
 * @param accepted samples of all kinds that were kept, duplicates with equal value included
 * @param refused samples refused, each for a reason of its own
 * @param firstRefusal why the first refused sample was refused; {@link Verdict#ACCEPTED} if none was
 * @param durability what is now true of the kept samples
 * @param refusals number of refused samples by reason; the numbers add up to {@code refused}
 * @param others how many of those kept are of a kind other than floats, by kind; empty if all are floats
 */
public record Commit(
        int accepted,
        int refused,
        Verdict firstRefusal,
        Durability durability,
        Map<Verdict, Integer> refusals,
        Map<SampleKind, Integer> others) {

    /** A commit of floats. */
    public Commit(
            int accepted, int refused, Verdict firstRefusal, Durability durability, Map<Verdict, Integer> refusals) {
        this(accepted, refused, firstRefusal, durability, refusals, Map.of());
    }

    /** A commit of floats whose refused samples were all refused for the same reason. */
    public Commit(int accepted, int refused, Verdict firstRefusal, Durability durability) {
        this(accepted, refused, firstRefusal, durability, refused == 0 ? Map.of() : Map.of(firstRefusal, refused));
    }

    /** A batch with nothing in it. */
    public static Commit empty(Durability durability) {
        return new Commit(0, 0, Verdict.ACCEPTED, durability);
    }

    /** How many samples of a kind were kept. */
    public int accepted(SampleKind kind) {
        if (kind != SampleKind.FLOAT) {
            return others.getOrDefault(kind, 0);
        }
        int floats = accepted;
        for (int count : others.values()) {
            floats -= count;
        }
        return floats;
    }
}
