package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.model.CodingModel;

/**
 * Bytes of any kind as a page and as a model. A normal run replays the committed inputs, which are the golden pages and
 * what fuzzing has found; to look for more: {@code JAZZER_FUZZ=1 mvn test -pl tsdb-codec -Dtest=PageFuzzTest}.
 */
class PageFuzzTest {

    private static final int ROOM = 4_500;

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreRefusedOrDecoded(byte[] bytes) {
        DecodingCheck check = new DecodingCheck(ROOM);
        CodingModel model = GoldenPages.model();
        check.check(number -> number == GoldenPages.MODEL ? model : null, bytes);
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        try {
            CodingModel read = CodingModel.read(in);
            check.check(number -> read, GoldenPages.page("walk-with-model"));
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, bytes.length);
        }
    }
}
