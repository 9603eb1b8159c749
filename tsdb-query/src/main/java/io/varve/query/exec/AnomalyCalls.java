package io.varve.query.exec;

import io.varve.query.detect.window.Answer;
import io.varve.query.detect.window.BandKernel;
import io.varve.query.detect.window.DetectorKernel;
import io.varve.query.detect.window.DetectorMemory;
import io.varve.query.detect.window.QuantileChangeKernel;
import io.varve.query.detect.window.SeasonalKernel;
import io.varve.query.detect.window.WindowDetector;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import java.util.Set;
import java.util.function.Supplier;

/** Functions of anomalies: which kernel computes which, and what their parameters must be. */
final class AnomalyCalls {

    private static final double[] NONE = {};

    private AnomalyCalls() {}

    /** Makes a kernel that notes what is wrong with histograms. */
    @FunctionalInterface
    interface KernelMaker {
        WindowKernel noting(Set<Flaw> flaws);
    }

    /** A kernel of histograms, which notes what is wrong with them; of floats alone there is nothing to say. */
    static final class OfHistograms implements WindowKernel {

        private final KernelMaker kernels;

        OfHistograms(KernelMaker kernels) {
            this.kernels = kernels;
        }

        WindowKernel noting(Set<Flaw> flaws) {
            return kernels.noting(flaws);
        }

        @Override
        public void apply(Windows windows, Row out) {}
    }

    /** Whether a function is one of these: its kernel asks by itself whether to go on. */
    static boolean has(Function function) {
        return switch (function) {
            case ANOMALY_BAND_SCORE,
                    ANOMALY_BAND_LOWER,
                    ANOMALY_BAND_UPPER,
                    ANOMALY_SEASONAL_SCORE,
                    ANOMALY_SEASONAL_BASELINE,
                    ANOMALY_SEASONAL_LOWER,
                    ANOMALY_SEASONAL_UPPER,
                    ANOMALY_CHANGE_SCORE,
                    ANOMALY_CHANGE_QUANTILE_SCORE,
                    ANOMALY_FOREST_SCORE,
                    ANOMALY_CONSENSUS_SCORE -> true;
            default -> false;
        };
    }

    /** Memory of a function's detector, in bytes; 0 of other functions. */
    static long bytes(Function function) {
        return switch (function) {
            case ANOMALY_CHANGE_SCORE, ANOMALY_CHANGE_QUANTILE_SCORE -> WindowDetector.CHANGE.bytes();
            case ANOMALY_FOREST_SCORE -> WindowDetector.FOREST.bytes();
            case ANOMALY_CONSENSUS_SCORE -> WindowDetector.CONSENSUS.bytes();
            default -> 0;
        };
    }

    /** Makes kernels, one for each thread; parameters are evaluated and checked now, and detectors charged for. */
    static Supplier<WindowKernel> kernels(Expr.Call call, Evaluator evaluator) {
        Function function = call.function();
        Runnable question = evaluator.context().budget()::check;
        // for the query's own thread alone: what is charged does not hang on who helps
        evaluator.context().budget().charge(0, bytes(function));
        return switch (function) {
            case ANOMALY_BAND_SCORE -> () -> new BandKernel(Answer.SCORE, NONE, question);
            case ANOMALY_BAND_LOWER, ANOMALY_BAND_UPPER -> {
                double[] k = widths(call, evaluator);
                Answer answer = function == Function.ANOMALY_BAND_LOWER ? Answer.LOWER : Answer.UPPER;
                yield () -> new BandKernel(answer, k, question);
            }
            case ANOMALY_SEASONAL_SCORE -> () -> new SeasonalKernel(Answer.SCORE, NONE, question);
            case ANOMALY_SEASONAL_BASELINE -> () -> new SeasonalKernel(Answer.BASELINE, NONE, question);
            case ANOMALY_SEASONAL_LOWER, ANOMALY_SEASONAL_UPPER -> {
                double[] k = widths(call, evaluator);
                Answer answer = function == Function.ANOMALY_SEASONAL_LOWER ? Answer.LOWER : Answer.UPPER;
                yield () -> new SeasonalKernel(answer, k, question);
            }
            case ANOMALY_FOREST_SCORE -> () -> learning(WindowDetector.FOREST, evaluator);
            case ANOMALY_CONSENSUS_SCORE -> () -> learning(WindowDetector.CONSENSUS, evaluator);
            case ANOMALY_CHANGE_SCORE -> () -> changes(false, question);
            case ANOMALY_CHANGE_QUANTILE_SCORE -> {
                Expr argument = call.arguments().get(0);
                double[] q = evaluator.scalar(argument);
                Parameters.checkQuantiles(q, argument);
                OfHistograms kernel = new OfHistograms(
                        flaws -> new QuantileChangeKernel(q, changes(true, question), flaws, question));
                yield () -> kernel;
            }
            default -> throw new AssertionError("BUG: not a function of anomalies: " + function);
        };
    }

    /** A kernel whose detectors take long to learn, so that what they learned is kept. They count in milliseconds. */
    private static WindowKernel learning(WindowDetector kind, Evaluator evaluator) {
        QueryContext context = evaluator.context();
        long milli = context.resolution().ticksOfMillis(1);
        return new DetectorKernel(kind, milli, false, context.detectors(), context.budget()::check);
    }

    private static DetectorKernel changes(boolean increases, Runnable question) {
        return new DetectorKernel(WindowDetector.CHANGE, 1, increases, DetectorMemory.NONE, question);
    }

    private static double[] widths(Expr.Call call, Evaluator evaluator) {
        Expr argument = call.arguments().get(0);
        double[] k = evaluator.scalar(argument);
        Parameters.checkAboveZero(k, "width of a band", argument);
        return k;
    }
}
