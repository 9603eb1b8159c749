package io.varve.core.storage;

/**
 * What a selection would read, told before anything is decoded.
 *
 * @param series series with pages in the range; those whose samples there are all between two pages' ends count too
 * @param samples samples that would be decoded, or are looked through for the range
 * @param mostSamples samples of the series that has most
 * @param postingsBytes bytes of the postings that found the series, read already
 * @param head what lies in memory
 * @param blocks what lies in sealed blocks
 */
public record ReadEstimate(long series, long samples, long mostSamples, long postingsBytes, Part head, Part blocks) {

    /** Nothing is found. */
    public static final ReadEstimate NONE = new ReadEstimate(0, 0, 0, 0, Part.NONE, Part.NONE);

    /**
     * What would be read of one kind of places.
     *
     * @param places generations or blocks in which series were found
     * @param decodedPages pages of which values would be decoded; of the head one a series
     * @param summarizedPages pages whose statistics answer
     * @param bytes of directories, statistics, times and values, as they are encoded
     */
    public record Part(long places, long decodedPages, long summarizedPages, long bytes) {

        /** Nothing. */
        public static final Part NONE = new Part(0, 0, 0, 0);

        /** Both. */
        public Part plus(Part other) {
            return new Part(
                    places + other.places,
                    decodedPages + other.decodedPages,
                    summarizedPages + other.summarizedPages,
                    bytes + other.bytes);
        }
    }

    /** All bytes that are read, postings too. */
    public long bytes() {
        return postingsBytes + head.bytes() + blocks.bytes();
    }

    /** Both, of stores that have no series in common. */
    public ReadEstimate plus(ReadEstimate other) {
        return new ReadEstimate(
                series + other.series,
                samples + other.samples,
                Math.max(mostSamples, other.mostSamples),
                postingsBytes + other.postingsBytes,
                head.plus(other.head),
                blocks.plus(other.blocks));
    }
}
