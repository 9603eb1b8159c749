package io.varve.core.storage;

import java.util.Map;

/**
 * What became of a batch.
 *
 * @param accepted samples kept, duplicates with equal value included
 * @param refused samples refused, each for a reason of its own
 * @param firstRefusal why the first refused sample was refused; {@link Verdict#ACCEPTED} if none was
 * @param durability what is now true of the kept samples
 * @param refusals number of refused samples by reason; the numbers add up to {@code refused}
 */
public record Commit(
        int accepted, int refused, Verdict firstRefusal, Durability durability, Map<Verdict, Integer> refusals) {

    /** A commit whose refused samples were all refused for the same reason. */
    public Commit(int accepted, int refused, Verdict firstRefusal, Durability durability) {
        this(accepted, refused, firstRefusal, durability, refused == 0 ? Map.of() : Map.of(firstRefusal, refused));
    }

    /** A batch with nothing in it. */
    public static Commit empty(Durability durability) {
        return new Commit(0, 0, Verdict.ACCEPTED, durability);
    }
}
