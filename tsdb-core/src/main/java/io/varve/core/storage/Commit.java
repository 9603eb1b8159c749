package io.varve.core.storage;

/**
 * What became of a batch.
 *
 * @param accepted samples kept, duplicates with equal value included
 * @param refused samples refused, each for a reason of its own
 * @param firstRefusal why the first refused sample was refused; {@link Verdict#ACCEPTED} if none was
 * @param durability what is now true of the kept samples
 */
public record Commit(int accepted, int refused, Verdict firstRefusal, Durability durability) {

    /** A batch with nothing in it. */
    public static Commit empty(Durability durability) {
        return new Commit(0, 0, Verdict.ACCEPTED, durability);
    }
}
