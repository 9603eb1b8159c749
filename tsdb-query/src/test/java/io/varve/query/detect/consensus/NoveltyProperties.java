package io.varve.query.detect.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Novelty of values and of courses against searches of all that is remembered, and rarity against counting. */
class NoveltyProperties {

    private static double[] values(long seed, int size, int shape) {
        Random random = new Random(seed);
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = switch (shape) {
                case 0 -> random.nextGaussian();
                case 1 -> random.nextInt(300);
                case 2 -> Math.pow(10, 10 * random.nextDouble() - 5) * (random.nextBoolean() ? 1 : -1);
                default -> i % 50 == 49 ? random.nextGaussian() * 100 : Math.sin(i / 9.0);
            };
        }
        return values;
    }

    @Property(tries = 5)
    void a_value_is_as_new_as_its_nearest_neighbour_is_far(@ForAll long seed, @ForAll @IntRange(max = 3) int shape) {
        double[] values = values(seed, ValueNovelty.MEMORY + 1_500, shape);
        ValueNovelty novelty = new ValueNovelty();
        for (int i = 0; i < values.length; i++) {
            double score = novelty.score(i, values[i]);
            if (i < ValueNovelty.LEAST_SAMPLES) {
                assertThat(score).isNaN();
                continue;
            }
            if (i % 13 != 0) {
                continue; // the search below takes its time
            }
            double nearest = Double.POSITIVE_INFINITY;
            for (int j = Math.max(0, i - ValueNovelty.MEMORY); j < i; j++) {
                nearest = Math.min(nearest, Math.abs(values[i] - values[j]));
            }
            assertThat(score).as("at %s", i).isEqualTo(nearest);
        }
    }

    @Property(tries = 4)
    void a_course_is_as_new_as_its_nearest_neighbour_is_far(@ForAll long seed, @ForAll @IntRange(max = 3) int shape) {
        double[] values = values(seed, ShapeNovelty.MEMORY + 400, shape);
        ShapeNovelty novelty = new ShapeNovelty();
        int least = ShapeNovelty.LENGTH / 2 + 1;
        for (int i = 0; i < values.length; i++) {
            double score = novelty.score(i, values[i]);
            if (i % 5 != 0) {
                continue; // the search below takes its time
            }
            double nearest = Double.POSITIVE_INFINITY;
            int compared = 0;
            for (int lag = least; lag <= ShapeNovelty.MEMORY && i - lag >= ShapeNovelty.LENGTH - 1; lag++) {
                double sum = 0;
                for (int k = 0; k < ShapeNovelty.LENGTH; k++) {
                    double difference = values[i - k] - values[i - lag - k];
                    sum += difference * difference;
                }
                nearest = Math.min(nearest, Math.sqrt(sum));
                compared++;
            }
            if (compared < ShapeNovelty.LEAST_COURSES) {
                assertThat(score).as("at %s", i).isNaN();
            } else {
                assertThat(score).as("at %s", i).isCloseTo(nearest, within(1e-9 * nearest));
            }
        }
    }

    @Property(tries = 8)
    void rarity_counts_what_was_as_high(@ForAll long seed, @ForAll @IntRange(max = 3) int shape) {
        double[] values = values(seed, 3_000, shape);
        Rarity rarity = new Rarity();
        for (int i = 0; i < values.length; i++) {
            double score = Math.abs(values[i]);
            double decades = rarity.ofScore(score);
            if (i < Rarity.LEAST_SCORES) {
                assertThat(decades).isNaN();
                continue;
            }
            assertThat(decades).isBetween(0.0, Rarity.MOST);
            if (i % 5 != 0) {
                continue;
            }
            int above = 0;
            int nearby = 0;
            for (int j = 0; j < i; j++) {
                above += Math.abs(values[j]) > score * 1.125 ? 1 : 0; // one bucket up and down
                nearby += Math.abs(values[j]) >= score / 1.125 ? 1 : 0;
            }
            if (nearby > 0.05 * i + 10) { // below the tail
                assertThat(decades)
                        .as("at %s", i)
                        .isBetween(
                                -Math.log10((nearby + 1.0) / (i + 1)) - 1e-9,
                                -Math.log10((above + 1.0) / (i + 1)) + 1e-9);
            }
        }
    }

    @Property(tries = 8)
    void rarity_grows_with_the_score(@ForAll long seed, @ForAll @IntRange(max = 3) int shape) {
        double last = 0;
        for (double score : new double[] {0, 1e-9, 0.5, 1, 2, 3, 5, 80, 1e6, 1e150, Double.MAX_VALUE}) {
            Rarity rarity = new Rarity();
            for (double value : values(seed, 2_000, shape)) {
                rarity.ofScore(Math.abs(value));
            }
            double decades = rarity.ofScore(score);
            assertThat(decades).as("of %s", score).isGreaterThanOrEqualTo(last - 0.35); // the tail begins with a step
            last = decades;
        }
        assertThat(last).isEqualTo(Rarity.MOST);
    }
}
