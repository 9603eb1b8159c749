package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The committed pages and models, by name; and how they are made anew. */
final class GoldenPages {

    /** Number of the model in pages with a model. */
    static final int MODEL = 300;

    static final String MODEL_NAME = "model";

    private static final Path RESOURCES = Path.of("src", "test", "resources", "io", "varve", "codec");
    private static final Path PAGES = RESOURCES.resolve("pages.txt");

    /** Inputs of {@link PageFuzzTest}, where Jazzer looks for them. */
    private static final Path SEEDS = RESOURCES.resolve("PageFuzzTestInputs").resolve("anyBytesAreRefusedOrDecoded");

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final Map<String, byte[]> ALL = read();

    private GoldenPages() {}

    /** All pages and the model, in the order of the file. */
    static Map<String, byte[]> all() {
        return ALL;
    }

    /** The bytes of a name. */
    static byte[] page(String name) {
        byte[] page = ALL.get(name);
        if (page == null) {
            throw new AssertionError("cannot find golden page: " + name);
        }
        return page;
    }

    /** The model of pages with a model. */
    static CodingModel model() {
        return model(page(MODEL_NAME));
    }

    private static CodingModel model(byte[] bytes) {
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        CodingModel model = CodingModel.read(in);
        in.finish();
        return model;
    }

    private static Map<String, byte[]> read() {
        try {
            if (Boolean.getBoolean("varve.golden.write")) {
                write();
            }
            Map<String, byte[]> pages = new LinkedHashMap<>();
            for (String line : Files.readAllLines(PAGES)) {
                int mark = line.indexOf(" = ");
                if (mark > 0) {
                    pages.put(line.substring(0, mark), HEX.parseHex(line.substring(mark + 3)));
                }
            }
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read golden pages: " + PAGES, e);
        }
    }

    private static void write() throws IOException {
        Map<String, byte[]> pages = encode();
        StringBuilder lines = new StringBuilder(1 << 16);
        Files.createDirectories(SEEDS);
        for (Map.Entry<String, byte[]> page : pages.entrySet()) {
            lines.append(page.getKey())
                    .append(" = ")
                    .append(HEX.formatHex(page.getValue()))
                    .append('\n');
            Files.write(SEEDS.resolve(page.getKey()), page.getValue());
        }
        Files.writeString(PAGES, lines);
    }

    private static Map<String, byte[]> encode() {
        PageCodec codec = new PageCodec();
        Map<String, byte[]> pages = new LinkedHashMap<>();
        GoldenSeries.times().forEach((name, times) -> pages.put(name, PageChecks.times(codec, times)));
        GoldenSeries.values().forEach((name, values) -> pages.put(name, PageChecks.values(codec, values)));
        byte[] model = train();
        pages.put(MODEL_NAME, model);
        byte[] room = new byte[PageCodec.maxEncodedBytes(PageCodec.MAX_SAMPLES)];
        GoldenSeries.modelled().forEach((name, values) -> {
            int length = codec.encodeValues(model(model), MODEL, values, 0, values.length, room, 0);
            if (length < 0) {
                throw new AssertionError("golden values do not fit their model: " + name);
            }
            pages.put(name, Arrays.copyOf(room, length));
        });
        return pages;
    }

    private static byte[] train() {
        ModelTrainer trainer = new ModelTrainer();
        GoldenSeries.group().forEach(values -> trainer.add(values, 0, values.length));
        CodingModel model = trainer.train();
        if (model == null) {
            throw new AssertionError("the golden group has no model");
        }
        byte[] room = new byte[1 << 14];
        PageWriter out = new PageWriter();
        out.reset(room, 0);
        model.write(out);
        return Arrays.copyOf(room, out.length());
    }
}
