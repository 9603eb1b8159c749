package io.varve.codec.column;

import io.varve.codec.entropy.Bins;
import io.varve.codec.predict.Predictor;

/** A predictor with its parameters and the bins for its residuals. Mutable and reused; one thread at a time. */
final class CodedPlan {

    private final Bins bins = new Bins();
    private Predictor predictor = Predictor.NONE;
    private long step;
    private long base;
    private long limit;
    private int plainBits;
    private double bits;
    private long packedBase;
    private int packedWidth;
    private double packedBits;
    private long frequent;
    private int frequency;

    void set(Predictor chosen, long chosenStep) {
        predictor = chosen;
        step = chosenStep;
    }

    void window(long chosenBase, long chosenLimit, int chosenPlainBits) {
        base = chosenBase;
        limit = chosenLimit;
        plainBits = chosenPlainBits;
    }

    void cost(double computed) {
        bits = computed;
    }

    void packed(long base, int width, double computed) {
        packedBase = base;
        packedWidth = width;
        packedBits = computed;
    }

    void mostFrequent(long residual, int times) {
        frequent = residual;
        frequency = times;
    }

    Bins bins() {
        return bins;
    }

    Predictor predictor() {
        return predictor;
    }

    long step() {
        return step;
    }

    /** What is taken from each residual. */
    long base() {
        return base;
    }

    /** The largest residual (unsigned, without base) that is not patched. */
    long limit() {
        return limit;
    }

    /** Low bits that stand beside the bins. */
    int plainBits() {
        return plainBits;
    }

    /** Computed size of table, residuals and patches. */
    double bits() {
        return bits;
    }

    /** What is taken from each residual when they are packed. */
    long packedBase() {
        return packedBase;
    }

    /** The width in which they are packed. */
    int packedWidth() {
        return packedWidth;
    }

    /** Computed size when they are packed. */
    double packedBits() {
        return packedBits;
    }

    /** The residual that occurs most often, with base. */
    long frequent() {
        return frequent;
    }

    int frequency() {
        return frequency;
    }
}
