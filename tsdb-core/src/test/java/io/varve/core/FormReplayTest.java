package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeRange;
import io.varve.core.wal.MalformedRecordException;
import io.varve.core.wal.RecordKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records of forms at a start: applied as they are, orphans counted, damage an error before anything is applied. */
class FormReplayTest {

    private static final long REF = 1L << 32;

    private static void entry(ByteSink record, long ref, long time, ByteSink form) {
        record.zigzag(ref);
        record.zigzag(time);
        record.varint(form.size());
        record.put(form.array(), 0, form.size());
    }

    private static ByteSink form(RecordKind kind, Random random) {
        ByteSink form = new ByteSink();
        switch (kind) {
            case HISTOGRAMS -> HistogramForm.write(HistogramSamples.random(random), form);
            case EXEMPLARS -> ExemplarForm.write(new Exemplar(Labels.of("trace_id", "t"), 5, 0.5), form);
            case METADATA -> MetadataForm.write("m", new Metadata(Metadata.Type.GAUGE, "helps", "s"), form);
            default -> form.varint(100);
        }
        return form;
    }

    private static Generation generation() {
        SeriesRegistry registry = new SeriesRegistry(7L << 32, new Random(1));
        registry.add(Labels.of("i", "0"));
        return new Generation(1, registry);
    }

    private static SeriesNumbers numbers() {
        SeriesNumbers numbers = new SeriesNumbers();
        numbers.put(REF, 0);
        return numbers;
    }

    private static final List<RecordKind> KINDS =
            List.of(RecordKind.HISTOGRAMS, RecordKind.EXEMPLARS, RecordKind.METADATA, RecordKind.START_TIMES);

    @Test
    void recordsAreAppliedAndOrphansCounted() {
        Generation target = generation();
        FormReplay replay = new FormReplay();
        for (RecordKind kind : KINDS) {
            ByteSink record = new ByteSink();
            entry(record, REF, 1_000, form(kind, new Random(2)));
            entry(record, 1, 5, form(kind, new Random(3))); // differences: the series behind, which nobody knows
            replay.apply(kind, record.array(), 0, record.size(), numbers(), target);
        }
        assertThat(replay.orphans()).isEqualTo(3);
        assertThat(target.samples()).isEqualTo(1);
        assertThat(target.kinds().metadata()).containsKey("m");
        assertThat(target.kinds().hasStarts()).isTrue();
        List<Exemplar> exemplars = new ArrayList<>();
        target.kinds().exemplars(0, TimeRange.ALL, exemplars);
        assertThat(exemplars).containsExactly(new Exemplar(Labels.of("trace_id", "t"), 1_000, 0.5));
    }

    @Test
    void damageIsAnErrorBeforeAnythingIsApplied() {
        for (RecordKind kind : KINDS) {
            Generation target = generation();
            ByteSink record = new ByteSink();
            entry(record, REF, 1_000, form(kind, new Random(2)));
            ByteSink broken = new ByteSink();
            broken.u8(0x80);
            entry(record, 0, 1, broken);
            assertThatThrownBy(() -> new FormReplay().apply(kind, record.array(), 0, record.size(), numbers(), target))
                    .as("%s", kind)
                    .isInstanceOf(MalformedRecordException.class);
            assertThat(target.isEmpty()).isTrue();
        }
    }

    @Test
    void flippedBitsAreSurvived() {
        Random random = new Random(5);
        FormReplay replay = new FormReplay();
        for (int i = 0; i < 400; i++) {
            RecordKind kind = KINDS.get(i % KINDS.size());
            ByteSink record = new ByteSink();
            entry(record, REF, 1_000, form(kind, random));
            byte[] bytes = record.toArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Generation target = generation();
            try {
                replay.apply(kind, bytes, 0, bytes.length, numbers(), target);
                target.kinds().starts(0, new ArrayList<>());
                target.kinds().exemplars(0, TimeRange.ALL, new ArrayList<>());
            } catch (MalformedRecordException e) {
                assertThat(target.isEmpty()).isTrue();
            }
        }
    }
}
