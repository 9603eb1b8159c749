package io.varve.benchmarks.load;

import io.varve.codec.PageCodec;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of several lengths with and without coding models: the devops load, one model for the pages of a metric over
 * all hosts. Sizes include the models. Each page is verified.
 */
public final class ModelTable {

    private static final int[] LENGTHS = {120, 240, 720, 1_440, 8_192};
    private static final int SAMPLES = 8_192;
    private static final int HOSTS = 10;

    private final PageCodec codec = new PageCodec();
    private final ModelTrainer trainer = new ModelTrainer();
    private final byte[] room = new byte[PageCodec.maxEncodedBytes(PageCodec.MAX_SAMPLES)];
    private final byte[] modelRoom = new byte[1 << 16];
    private final double[] decoded = new double[SAMPLES];

    private ModelTable() {}

    /** Prints the table. */
    public static void print(PrintStream out) {
        new ModelTable().run(out);
    }

    private record Sizes(long alone, long shared, long models, double aloneNanos, double sharedNanos) {}

    private void run(PrintStream out) {
        DevopsLoad load = new DevopsLoad(42, HOSTS);
        double[][] values = new double[load.seriesCount()][SAMPLES];
        double[] row = new double[load.seriesCount()];
        for (int i = 0; i < SAMPLES; i++) {
            load.next(row);
            for (int s = 0; s < row.length; s++) {
                values[s][i] = row[s];
            }
        }
        out.println("page   alone, bits   shared, bits   of these models   alone, M/s   shared, M/s");
        for (int length : LENGTHS) {
            Sizes sizes = measure(values, length);
            int pages = SAMPLES / length;
            double n = (double) values.length * pages * length;
            out.printf(
                    "%5d %12.3f %14.3f %17.3f %12.0f %13.0f%n",
                    length,
                    8 * sizes.alone() / n,
                    8 * (sizes.shared() + sizes.models()) / n,
                    8 * sizes.models() / n,
                    1e3 * n / sizes.aloneNanos(),
                    1e3 * n / sizes.sharedNanos());
        }
    }

    private Sizes measure(double[][] values, int length) {
        int fields = DevopsFields.ALL.size();
        long alone = 0;
        long shared = 0;
        long models = 0;
        double aloneNanos = 0;
        double sharedNanos = 0;
        for (int f = 0; f < fields; f++) {
            CodingModel model = train(values, f, length);
            List<byte[]> own = new ArrayList<>();
            List<byte[]> best = new ArrayList<>();
            boolean used = false;
            for (int s = f; s < values.length; s += fields) {
                for (int from = 0; from + length <= SAMPLES; from += length) {
                    byte[] page = Arrays.copyOf(room, codec.encodeValues(values[s], from, length, room, 0));
                    own.add(page);
                    int with = model == null ? -1 : codec.encodeValues(model, 1, values[s], from, length, room, 0);
                    boolean smaller = with >= 0 && with < page.length;
                    used |= smaller;
                    best.add(smaller ? Arrays.copyOf(room, with) : page);
                    verify(model, best.get(best.size() - 1), values[s], from, length);
                }
            }
            alone += bytes(own);
            shared += bytes(best);
            models += used && model != null ? write(model).length : 0;
            CodingModel read = model == null ? null : CodingModel.read(reader(write(model)));
            aloneNanos += nanos(read, own);
            sharedNanos += nanos(read, best);
        }
        return new Sizes(alone, shared, models, aloneNanos, sharedNanos);
    }

    private @Nullable CodingModel train(double[][] values, int field, int length) {
        trainer.clear();
        int fields = DevopsFields.ALL.size();
        // Every host, and of each as many pages as there is room for.
        for (int from = 0; from + length <= SAMPLES; from += length) {
            for (int s = field; s < values.length; s += fields) {
                if (!trainer.add(values[s], from, length)) {
                    return trainer.train();
                }
            }
        }
        return trainer.train();
    }

    private byte[] write(CodingModel model) {
        PageWriter out = new PageWriter();
        out.reset(modelRoom, 0);
        model.write(out);
        return Arrays.copyOf(modelRoom, out.length());
    }

    private static PageReader reader(byte[] bytes) {
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        return in;
    }

    private void verify(@Nullable CodingModel model, byte[] page, double[] values, int from, int length) {
        codec.decodeValues(number -> model, page, 0, page.length, decoded, 0);
        for (int i = 0; i < length; i++) {
            if (Double.doubleToRawLongBits(decoded[i]) != Double.doubleToRawLongBits(values[from + i])) {
                throw new IllegalStateException("not lossless: " + values[from + i] + " became " + decoded[i]);
            }
        }
    }

    private double nanos(@Nullable CodingModel model, List<byte[]> pages) {
        double least = Double.MAX_VALUE;
        for (int round = 0; round < 15; round++) {
            long start = System.nanoTime();
            for (byte[] page : pages) {
                codec.decodeValues(number -> model, page, 0, page.length, decoded, 0);
            }
            least = Math.min(least, (double) (System.nanoTime() - start));
        }
        return least;
    }

    private static long bytes(List<byte[]> pages) {
        long sum = 0;
        for (byte[] page : pages) {
            sum += page.length;
        }
        return sum;
    }
}
