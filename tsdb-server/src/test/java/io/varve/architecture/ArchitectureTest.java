package io.varve.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies run one way, {@code codec <- core <- query <- server}, and what is fenced stays in its room. */
class ArchitectureTest {

    private static final String CODEC = "io.varve.codec..";
    private static final String CORE = "io.varve.core..";
    private static final String QUERY = "io.varve.query..";
    private static final String SERVER = "io.varve.server..";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.varve");

    @ParameterizedTest
    @ValueSource(strings = {"io.varve.codec", "io.varve.core", "io.varve.query", "io.varve.server"})
    void every_module_is_seen(String module) {
        assertThat(MAIN.containPackage(module)).isTrue();
    }

    @Test
    void the_codec_knows_no_other_module() {
        noClasses()
                .that()
                .resideInAPackage(CODEC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, QUERY, SERVER)
                .check(MAIN);
    }

    @Test
    void the_engine_knows_neither_queries_nor_the_server() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(QUERY, SERVER)
                .check(MAIN);
    }

    @Test
    void queries_see_of_the_engine_its_model_its_contracts_and_the_sketch() {
        noClasses()
                .that()
                .resideInAPackage(QUERY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        SERVER,
                        CODEC,
                        "io.varve.core",
                        "io.varve.core.fs..",
                        "io.varve.core.ingest..",
                        "io.varve.core.wal..",
                        "io.varve.core.index..",
                        "io.varve.core.head..",
                        "io.varve.core.block..",
                        "io.varve.core.compact..",
                        "io.varve.core.telemetry..")
                .check(MAIN);
    }

    @Test
    void the_model_and_the_contracts_stand_on_nothing_above_them() {
        classes()
                .that()
                .resideInAnyPackage("io.varve.core.model..", "io.varve.core.storage..", "io.varve.core.sketch..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "com.google.re2j..",
                        "org.agrona.collections..",
                        "io.varve.codec..",
                        "io.varve.core.model..",
                        "io.varve.core.storage..",
                        "io.varve.core.sketch..")
                .check(MAIN);
    }

    @Test
    void telemetry_stands_on_the_model_the_sketch_and_the_contracts_of_stores_since_it_exports_into_one() {
        classes()
                .that()
                .resideInAPackage("io.varve.core.telemetry..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.varve.core.model..",
                        "io.varve.core.sketch..",
                        "io.varve.core.storage..",
                        "io.varve.core.telemetry..")
                .check(MAIN);
    }

    @Test
    void whoever_records_needs_no_store_since_exports_and_stored_clocks_alone_know_one() {
        noClasses()
                .that()
                .resideInAPackage("io.varve.core.telemetry..")
                .and()
                .resideOutsideOfPackages("io.varve.core.telemetry.export..", "io.varve.core.telemetry.clock.stored..")
                .and()
                .doNotHaveFullyQualifiedName("io.varve.core.telemetry.Telemetry")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.varve.core.storage..")
                .check(MAIN);
    }

    @Test
    void chronicle_stays_in_the_file_room() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.varve.core.fs..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .check(MAIN);
    }

    @Test
    void rings_agents_and_buffers_of_agrona_stay_in_the_ingest_room() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.varve.core.ingest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.agrona", "org.agrona.concurrent..")
                .check(MAIN);
    }

    @Test
    void files_are_opened_behind_the_seam_alone() {
        Fences.files(CODEC, CORE, QUERY).check(MAIN);
    }

    @Test
    void clock_threads_and_randomness_come_from_the_named_places() {
        Fences.injected().check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"codec", "core", "query", "server"})
    void rooms_of_a_module_form_no_cycle(String module) {
        slices().matching("io.varve." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(MAIN);
    }

    @Test
    void the_fences_notice_who_climbs_over_them() {
        JavaClasses climbers = new ClassFileImporter()
                .importClasses(ReadsClock.class, MakesThread.class, MakesDice.class, Opens.class);
        assertThat(Fences.injected().evaluate(climbers).getFailureReport().getDetails())
                .anyMatch(detail -> detail.contains("ReadsClock"))
                .anyMatch(detail -> detail.contains("MakesThread"))
                .anyMatch(detail -> detail.contains("MakesDice"))
                .noneMatch(detail -> detail.contains("Opens"));
        assertThat(Fences.files("io.varve.architecture")
                        .evaluate(climbers)
                        .getFailureReport()
                        .getDetails())
                .isNotEmpty()
                .allMatch(detail -> detail.contains("Opens"));
    }

    static final class ReadsClock {
        /** By reference, not by call: that must be noticed too. */
        final LongSupplier clock = System::nanoTime;
    }

    static final class MakesThread {
        ExecutorService pool() {
            return Executors.newCachedThreadPool();
        }
    }

    static final class MakesDice {
        int roll() {
            return new Random(1).nextInt(6);
        }
    }

    static final class Opens {
        FileChannel open(String name) throws IOException {
            return FileChannel.open(Path.of(name));
        }
    }
}
