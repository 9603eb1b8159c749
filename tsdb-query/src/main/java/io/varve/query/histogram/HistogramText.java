package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.HistogramBuckets;
import java.math.BigDecimal;

/**
 * Native histograms as text: {@code {count:4, sum:6, (0.5,1]:1, (1,2]:2, (2,4]:1}}, buckets from the lowest to the
 * highest, empty ones left out.
 */
public final class HistogramText {

    private HistogramText() {}

    /** The text of a histogram. */
    public static String of(Histogram histogram) {
        HistogramBuckets buckets = new HistogramBuckets();
        buckets.read(histogram);
        StringBuilder text = new StringBuilder("{count:").append(number(histogram.count()));
        text.append(", sum:").append(number(histogram.sum()));
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) != 0) {
                boolean both = buckets.isZero(i);
                text.append(", ").append(both || buckets.isNegative(i) ? '[' : '(');
                text.append(number(buckets.lower(i))).append(',').append(number(buckets.upper(i)));
                text.append(buckets.isNegative(i) ? ')' : ']');
                text.append(':').append(number(buckets.count(i)));
            }
        }
        return text.append('}').toString();
    }

    /** Shortest digits; with an exponent of two digits at least from a million on, and below 0.0001. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return shortest.toPlainString();
        }
        String digits = shortest.movePointLeft(exponent).toPlainString();
        int magnitude = Math.abs(exponent);
        return digits + (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
    }
}
