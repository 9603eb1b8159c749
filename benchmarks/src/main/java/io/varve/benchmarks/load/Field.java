package io.varve.benchmarks.load;

/**
 * One metric of a host, and how its value moves.
 *
 * @param name the metric's name
 * @param shape how it moves
 * @param low lowest value of a walk, increment of a counter, or the constant
 * @param high highest value of a walk
 * @param step standard deviation of one step, or the probability that a rare one moves; in units
 * @param unit what one step of the integer behind the value is worth: 4096, 1, 0.01, …
 */
record Field(String name, Shape shape, double low, double high, double step, double unit) {

    /** How values move. */
    enum Shape {
        /** Wanders between two bounds. */
        WALK,
        /** Only grows, by a mean and a deviation. */
        COUNTER,
        /** Never moves; differs by host. */
        CONSTANT,
        /** Grows by one, seldom. */
        RARE,
        /** Wanders, in every bit that a double has. */
        FULL
    }

    static Field walk(String name, double low, double high, double step, double unit) {
        return new Field(name, Shape.WALK, low, high, step, unit);
    }

    static Field counter(String name, double mean, double deviation) {
        return new Field(name, Shape.COUNTER, mean, 0, deviation, 1);
    }

    static Field counter(String name, double mean, double deviation, double unit) {
        return new Field(name, Shape.COUNTER, mean, 0, deviation, unit);
    }

    static Field constant(String name, double value) {
        return new Field(name, Shape.CONSTANT, value, 0, 0, 1);
    }

    static Field rare(String name, double probability) {
        return new Field(name, Shape.RARE, 0, 0, probability, 1);
    }

    static Field full(String name) {
        return new Field(name, Shape.FULL, 0, 100, 0.5, 0);
    }
}
