package io.varve.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The fences that need more than a package name: what reads clocks, makes threads or randomness, and opens files. */
final class Fences {

    /** The whole list of those who may read clocks, make threads and randomness; each entry with what is in it. */
    private static final Set<String> SOURCES = Set.of(
            "io.varve.core.model.TimeSource",
            "io.varve.core.TsdbRuntime",
            "io.varve.core.telemetry.Ticker", // the kit works without a runtime
            "io.varve.core.telemetry.export.TelemetryExport", // so does its export
            "io.varve.server.Engines", // its memory of detectors is given clock and randomness
            "io.varve.server.RulesService", // its manager is given clock and executor
            "io.varve.server.ScrapeService", // so is its
            "io.varve.server.VarveServer");

    private static final Set<String> SOURCE_PACKAGES = Set.of(
            "io.varve.server.demo",
            "io.varve.server.demo.latency", // processes of an example
            "io.varve.server.demo.latency.node");

    private static final Set<String> RANDOM =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom");

    private static final Set<String> THREADS = Set.of(
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ForkJoinPool");

    private static final Set<String> VIRTUAL = Set.of("ofVirtual", "ofPlatform", "startVirtualThread");

    private Fences() {}

    /** Clock, threads and randomness come from the named places alone. */
    static ArchRule injected() {
        return noClasses()
                .that(DescribedPredicate.not(named()))
                .should()
                .accessTargetWhere(ambient())
                .because("clock, threads and randomness are injected, so that a test can drive them");
    }

    /** Files are opened behind the seam; {@code io.varve.core} itself takes a path from the user and passes it on. */
    static ArchRule files(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .and()
                .resideOutsideOfPackages("io.varve.core", "io.varve.core.fs..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("open files") {
                    @Override
                    public boolean test(JavaClass type) {
                        String name = type.getName();
                        return name.startsWith("java.nio.file.")
                                || name.startsWith("java.io.File")
                                || name.equals("java.io.RandomAccessFile")
                                || name.startsWith("java.nio.channels.FileChannel")
                                || name.equals("java.nio.channels.AsynchronousFileChannel");
                    }
                })
                .because("all file access passes core.fs.FileSystem, so that crashes can be simulated");
    }

    private static DescribedPredicate<JavaClass> named() {
        return new DescribedPredicate<>("are named sources") {
            @Override
            public boolean test(JavaClass type) {
                String outermost = type.getName().replaceFirst("\\$.*", "");
                return SOURCES.contains(outermost) || SOURCE_PACKAGES.contains(type.getPackageName());
            }
        };
    }

    private static DescribedPredicate<JavaAccess<?>> ambient() {
        return new DescribedPredicate<>("clocks, threads and randomness of the process") {
            @Override
            public boolean test(JavaAccess<?> access) {
                String owner = access.getTargetOwner().getName();
                String member = access.getTarget().getName();
                return readsClock(owner, member)
                        || makesThread(access.getTargetOwner(), member)
                        || makesRandomness(owner, member);
            }
        };
    }

    private static boolean readsClock(String owner, String member) {
        return switch (owner) {
            case "java.lang.System" -> member.equals("nanoTime") || member.equals("currentTimeMillis");
            case "java.time.Clock" -> member.startsWith("system") || member.startsWith("tick");
            case "java.util.Date" -> member.equals("<init>");
            default -> owner.startsWith("java.time.") && member.equals("now");
        };
    }

    private static boolean makesThread(JavaClass owner, String member) {
        if (member.equals("<init>")) {
            return THREADS.stream().anyMatch(owner::isAssignableTo);
        }
        return switch (owner.getName()) {
            case "java.util.concurrent.Executors" -> true;
            case "java.lang.Thread" -> VIRTUAL.contains(member);
            default -> false;
        };
    }

    private static boolean makesRandomness(String owner, String member) {
        return switch (owner) {
            case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
            case "java.util.UUID" -> member.equals("randomUUID");
            case "java.util.concurrent.ThreadLocalRandom" -> true;
            default -> RANDOM.contains(owner) && member.equals("<init>");
        };
    }
}
