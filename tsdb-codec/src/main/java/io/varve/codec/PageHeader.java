package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.entropy.Stage;
import io.varve.codec.number.Decimals;
import io.varve.codec.number.NumberMode;
import io.varve.codec.predict.Predictor;

/**
 * The first bytes of a page: format and kind, count, number mode with flags, predictor with stage, exponent.
 *
 * <pre>
 * byte     format (high nibble, 1) | kind (low nibble: 0 times, 1 values)
 * varint   count, 1 to 8192
 * byte     0 | patches | exceptions | divisor | number mode (4 bits)
 * byte     stage (4 bits) | predictor (4 bits)       absent in mode CONSTANT
 * byte     exponent                                  in mode DECIMAL only
 * </pre>
 *
 * Mutable and reused; one thread at a time.
 */
final class PageHeader {

    static final int TIMES = 0x10;
    static final int VALUES = 0x11;

    private static final int DIVISOR = 0x10;
    private static final int EXCEPTIONS = 0x20;
    private static final int PATCHES = 0x40;
    private static final int UNUSED = 0x80;

    int kind;
    int count;
    NumberMode mode = NumberMode.INTEGER;
    int exponent;
    boolean hasDivisor;
    boolean hasExceptions;
    boolean hasPatches;
    Predictor predictor = Predictor.NONE;
    Stage stage = Stage.ZERO;

    void write(PageWriter out) {
        out.writeByte(kind);
        out.writeVarint(count);
        out.writeByte(
                mode.id() | (hasDivisor ? DIVISOR : 0) | (hasExceptions ? EXCEPTIONS : 0) | (hasPatches ? PATCHES : 0));
        if (mode == NumberMode.CONSTANT) {
            return;
        }
        out.writeByte((stage.id() << 4) | predictor.id());
        if (mode == NumberMode.DECIMAL) {
            out.writeByte(exponent);
        }
    }

    void read(PageReader in, int expectedKind) {
        kind = in.readByte();
        if (kind != expectedKind) {
            throw in.malformed("rule: kind=" + expectedKind + ", kind=" + kind);
        }
        count = readCount(in);
        int number = in.readByte();
        hasDivisor = (number & DIVISOR) != 0;
        hasExceptions = (number & EXCEPTIONS) != 0;
        hasPatches = (number & PATCHES) != 0;
        if ((number & UNUSED) != 0 || !NumberMode.isKnown(number & 0xf)) {
            throw in.malformed("rule: number mode is known, byte=" + number);
        }
        mode = NumberMode.byId(number & 0xf);
        if (kind == TIMES && (mode != NumberMode.INTEGER || hasExceptions)) {
            throw in.malformed("rule: times are integers without exceptions, byte=" + number);
        }
        if (mode == NumberMode.CONSTANT) {
            if (number != NumberMode.CONSTANT.id()) {
                throw in.malformed("rule: a constant has no flags, byte=" + number);
            }
            return;
        }
        readScheme(in);
    }

    private void readScheme(PageReader in) {
        int scheme = in.readByte();
        if (!Predictor.isKnown(scheme & 0xf) || !Stage.isKnown(scheme >>> 4)) {
            throw in.malformed("rule: predictor and stage are known, byte=" + scheme);
        }
        predictor = Predictor.byId(scheme & 0xf);
        stage = Stage.byId(scheme >>> 4);
        if (count < predictor.given() || (hasPatches && count == predictor.given())) {
            throw in.malformed("rule: count >= given, count=" + count + ", predictor=" + predictor);
        }
        exponent = 0;
        if (mode == NumberMode.DECIMAL) {
            exponent = in.readByte();
            if (exponent < 1 || exponent > Decimals.MAX_EXPONENT) {
                throw in.malformed("rule: 1 <= exponent <= " + Decimals.MAX_EXPONENT + ", exponent=" + exponent);
            }
        }
    }

    static int readCount(PageReader in) {
        return in.readVarint("count", 1, PageCodec.MAX_SAMPLES);
    }
}
