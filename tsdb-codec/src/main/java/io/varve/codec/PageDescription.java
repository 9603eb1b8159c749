package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import java.util.Locale;

/** Says in words what a page is made of. */
final class PageDescription {

    private PageDescription() {}

    static String of(PageReader in) {
        int kind = in.readByte();
        int count = in.readVarint("count", 1, PageCodec.MAX_SAMPLES);
        ColumnDecoder columns = new ColumnDecoder(PageCodec.MAX_SAMPLES);
        long[] integers = new long[count];
        if (kind == PageKinds.TIMES) {
            columns.decode(in, count, integers, 0);
            return "times" + column(columns);
        }
        int head = in.readByte();
        NumberMode mode = NumberMode.byId(head & 7);
        if (mode == NumberMode.CONSTANT) {
            return "constant";
        }
        String text = name(mode);
        if (mode == NumberMode.DICTIONARY) {
            int size = in.readVarint("dictionary", 1, count);
            text += "(" + size + ")";
            head = in.readByte();
            text += "[" + name(NumberMode.byId(head & 7)) + "]";
            new ValueDecoder(PageCodec.MAX_SAMPLES, columns).readNumbers(in, head, size, new double[size], 0);
            head = 0;
        } else {
            int exponent = mode.hasExponent() ? in.readVarint("exponent", 1, NumberForm.MAX_EXPONENT) : 0;
            text += exponent > 0 ? "(" + exponent + ")" : "";
            if (mode == NumberMode.DIVIDED_TWICE) {
                in.readByte();
            } else if (mode == NumberMode.MULTIPLE) {
                in.readLong();
            }
        }
        if ((head & PageKinds.EXCEPTIONS) != 0) {
            columns.readList(in, true, count, new io.varve.codec.bits.Patches(count));
        }
        if ((head & PageKinds.ULP_LIST) != 0) {
            columns.readList(in, false, count, new io.varve.codec.bits.Patches(count));
        }
        if ((head & PageKinds.ULPS) != 0) {
            columns.decode(in, count, integers, 0);
        }
        columns.decode(in, count, integers, 0);
        text += column(columns);
        text += (head & (PageKinds.ULPS | PageKinds.ULP_LIST)) != 0 ? " ulps" : "";
        return text + ((head & PageKinds.EXCEPTIONS) != 0 ? " exceptions" : "");
    }

    private static String column(ColumnDecoder columns) {
        return " " + name(columns.predictor()) + " " + name(columns.stage());
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
