package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.HistogramPages;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.StartTime;
import java.io.UncheckedIOException;
import java.util.List;

/** The part of the verifier that reads what a block holds beside floats. One thread. */
final class KindsVerifier {

    private final BlockReader reader;
    private final BlockSession session;
    private final Findings findings;
    private final HistogramPages page = new HistogramPages();
    private long samples;
    private long pages;

    /** Takes what is wrong. */
    @FunctionalInterface
    interface Findings {
        void find(long offset, String what);
    }

    KindsVerifier(BlockReader reader, BlockSession session, Findings findings) {
        this.reader = reader;
        this.session = session;
        this.findings = findings;
    }

    void verifyHistograms() {
        SparseTable table = reader.histograms();
        if (table != null) {
            table.forEach(this::verifyHistograms);
        }
    }

    private void verifyHistograms(int series, ByteSource entry) {
        requireSeries(series);
        HistogramChunk chunk = new HistogramChunk(entry);
        long rows = session.column(chunk.column).rows;
        if (chunk.firstRow + chunk.rows > rows) {
            findings.find(0, chunk.rows + " histograms in a column of " + rows + ": series=" + series);
        }
        for (int i = 0; i < chunk.pageRows.length; i++) {
            pages++;
            samples += chunk.pageRows[i];
            try {
                session.decodeHistograms(chunk, i, page);
            } catch (MalformedPageException
                    | UncheckedIOException
                    | IndexOutOfBoundsException
                    | IllegalArgumentException e) {
                findings.find(chunk.offsets[i], "histograms of series " + series + ": " + e.getMessage());
            }
        }
    }

    private void requireSeries(int series) {
        if (series >= reader.meta().series()) {
            throw new MalformedPageException(
                    0, "a series below " + reader.meta().series() + ": found=" + series);
        }
    }

    void verifyExemplars() {
        SparseTable table = reader.sides().exemplarTable();
        if (table != null) {
            table.forEach((series, entry) -> {
                requireSeries(series);
                List<Exemplar> all = BlockSides.readExemplars(entry);
                requireEnd(entry);
                for (int i = 1; i < all.size(); i++) {
                    if (all.get(i - 1).compareTo(all.get(i)) >= 0) {
                        findings.find(0, "exemplars out of order: series=" + series);
                        break;
                    }
                }
            });
        }
    }

    void verifyStarts() {
        SparseTable table = reader.sides().startTable();
        if (table != null) {
            table.forEach((series, entry) -> {
                requireSeries(series);
                List<StartTime> all = BlockSides.readStarts(entry);
                requireEnd(entry);
                for (int i = 1; i < all.size(); i++) {
                    if (all.get(i - 1).start() >= all.get(i).start()) {
                        findings.find(0, "start times out of order: series=" + series);
                        break;
                    }
                }
            });
        }
    }

    private static void requireEnd(ByteSource entry) {
        if (!entry.isAtEnd()) {
            throw new MalformedPageException(entry.position(), "the end of an entry: left=" + entry.remaining());
        }
    }

    void verifyMetadata() {
        String[] before = new String[1];
        reader.sides()
                .metadata(
                        (metric, said) -> {
                            if (before[0] != null && Labels.compareCodePoints(before[0], metric) >= 0) {
                                findings.find(0, "metadata out of order: metric=" + metric);
                            }
                            before[0] = metric;
                        },
                        hole -> {
                            if (!reader.damaged().contains(BlockFormat.METADATA)) { // that is a finding already
                                findings.find(0, hole.cause());
                            }
                        });
    }

    /** Histograms that should be there. */
    long samples() {
        return samples;
    }

    /** Pages of histograms. */
    long pages() {
        return pages;
    }
}
