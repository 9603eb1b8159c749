package io.varve.benchmarks.head;

import io.varve.core.head.Generation;

/**
 * Prints what a generation of the devops load takes, by its own estimate: bytes a sample after some steps, mean over
 * the two hours, and the most in all. Argument: hosts of 101 series, 100 if there is none.
 */
public final class HeadSize {

    private HeadSize() {}

    /** Entry. */
    public static void main(String[] args) {
        DevopsHead load = new DevopsHead(args.length > 0 ? Integer.parseInt(args[0]) : 100);
        Generation generation = load.generation();
        double sum = 0;
        for (int step = 0; step < DevopsHead.STEPS; step++) {
            load.apply(generation, step);
            double bytes = (double) generation.bytes() / generation.samples();
            sum += bytes;
            if (step == 29 || step == 119 || step == 359 || step == DevopsHead.STEPS - 1) {
                System.out.printf(
                        "steps=%d bytes_per_sample=%.2f bytes_per_series=%.0f%n",
                        step + 1, bytes, (double) generation.bytes() / load.seriesCount());
            }
        }
        System.out.printf("series=%d mean_bytes_per_sample=%.2f%n", load.seriesCount(), sum / DevopsHead.STEPS);
    }
}
