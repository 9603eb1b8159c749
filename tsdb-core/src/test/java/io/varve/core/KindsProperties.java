package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** All kinds of samples against plain maps: through flush, merge and restart, bit for bit. */
class KindsProperties {

    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 16).walBytes(20_000).headBytes(64 << 20);

    private static Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, CONFIG, runtime, "main", runtime);
    }

    @Property(tries = 60)
    void allKindsAreFoundAsTheyWereSaid(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        KindsModel model = new KindsModel(random);
        SimulatedFileSystem disk = new SimulatedFileSystem();
        for (int life = 0; life < 3; life++) {
            try (Tsdb db = open(disk)) {
                model.check(db, "opened, seed " + seed);
                for (int step = 0; step < 12; step++) {
                    switch (random.nextInt(8)) {
                        case 0 -> db.flush();
                        case 1 -> db.compact();
                        default -> model.commitBatch(db);
                    }
                    model.check(db, "seed " + seed + ", life " + life + ", step " + step);
                    model.checkRange(db, "seed " + seed);
                }
                if (random.nextBoolean()) {
                    db.flush();
                }
            }
        }
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }
}
