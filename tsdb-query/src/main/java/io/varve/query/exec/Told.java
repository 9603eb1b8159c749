package io.varve.query.exec;

/** What may tell of windows beside samples. */
enum Told {
    /** Samples alone. */
    SAMPLES,
    /** Buckets of rollups where samples have expired. */
    BUCKETS,
    /** Such buckets that have sketches. */
    SKETCHES,
    /** Such buckets, and pages by their summaries. */
    PAGES;

    boolean byBuckets() {
        return this != SAMPLES;
    }

    boolean byPages() {
        return this == PAGES;
    }
}
