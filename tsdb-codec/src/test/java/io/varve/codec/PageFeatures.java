package io.varve.codec;

import io.varve.codec.bits.PageReader;
import io.varve.codec.entropy.Stage;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.predict.Predictor;
import java.util.Set;
import java.util.TreeSet;

/** Collects what pages are made of: modes, predictors, stages, lists. */
final class PageFeatures {

    private final Set<String> seen = new TreeSet<>();

    /** What has been seen so far. */
    Set<String> seen() {
        return seen;
    }

    /** All that the format has. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>();
        for (NumberMode mode : NumberMode.values()) {
            all.add(PageCodec.name(mode));
        }
        for (Predictor predictor : Predictor.values()) {
            all.add("times " + PageCodec.name(predictor));
            all.add("values " + PageCodec.name(predictor));
        }
        for (Stage stage : Stage.values()) {
            all.add("times " + PageCodec.name(stage));
            all.add("values " + PageCodec.name(stage));
        }
        all.addAll(Set.of("ulps column", "ulps list", "exceptions", "exceptions short", "exceptions long"));
        all.addAll(Set.of("patches short", "patches long", "divisor", "dictionary of ordered-bits"));
        all.addAll(Set.of("dictionary of integer", "dictionary of decimal", "ulps exceptions"));
        return all;
    }

    /** Notes what a page that stands alone is made of. */
    void look(byte[] page) {
        String[] words = PageCodec.describe(page, 0, page.length).split(" ", -1);
        PageReader in = new PageReader();
        in.reset(page, 0, page.length);
        boolean times = in.readByte() == PageKinds.TIMES;
        in.readVarint("count", 1, PageCodec.MAX_SAMPLES);
        if (times) {
            seen.add("times " + words[1]);
            seen.add("times " + words[2]);
            lookAtColumn(in);
            return;
        }
        String mode = nameOnly(words[0]);
        seen.add(mode);
        if (mode.equals("constant")) {
            return;
        }
        int at = 1;
        if (mode.equals("dictionary")) {
            seen.add("dictionary of " + nameOnly(words[2]));
            at = 3;
        }
        seen.add("values " + words[at]);
        seen.add("values " + words[at + 1]);
        for (int i = at + 2; i < words.length; i++) {
            seen.add(words[i]);
        }
        if (words.length == at + 4) {
            seen.add("ulps exceptions");
        }
        lookAtFlags(in, mode);
    }

    private void lookAtFlags(PageReader in, String mode) {
        if (mode.equals("dictionary")) {
            return;
        }
        int flags = new NumberForm().read(in);
        if ((flags & PageKinds.ULPS) != 0) {
            seen.add("ulps column");
        }
        if ((flags & PageKinds.ULP_LIST) != 0) {
            seen.add("ulps list");
        }
        if ((flags & PageKinds.EXCEPTIONS) != 0) {
            seen.add("exceptions " + (in.readVarint() > 4 ? "long" : "short"));
        } else if (flags == 0) {
            lookAtColumn(in);
        }
    }

    /** A column's first byte: docs/format/page.md. */
    private void lookAtColumn(PageReader in) {
        int head = in.readByte();
        in.readSigned();
        if ((head & 0x40) != 0) {
            seen.add("divisor");
            in.readVarint();
        }
        int parameters = (head & 7) == Predictor.NONE.id() ? 0 : (head & 7) == Predictor.DELTA_OF_DELTA.id() ? 2 : 1;
        for (int i = 0; i < parameters; i++) {
            in.readSigned();
        }
        if ((head & 0x80) != 0) {
            seen.add("patches " + (in.readVarint() > 4 ? "long" : "short"));
        }
    }

    private static String nameOnly(String word) {
        int mark = word.indexOf('(');
        return mark < 0 ? word : word.substring(0, mark);
    }
}
