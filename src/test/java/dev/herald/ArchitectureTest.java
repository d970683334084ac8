package dev.herald;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Architecture tests: dependencies between packages, the size of a package, no cycles between types, and that the two
 * reading paths in {@code dev.herald}'s package comment name existing types.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String ROOT = "dev.herald";
    private static final int MAX_TYPES = 25;
    private static final int MAX_STATIONS = 14;
    /** Not static, so that its tens of megabytes do not stay. */
    private final JavaClasses herald = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Packages that each package may depend on, besides itself. */
    private static final Map<String, List<String>> KNOWS = Map.ofEntries(
            Map.entry("event", List.of()),
            Map.entry("identity", List.of()),
            Map.entry("memory", List.of()),
            Map.entry("logging", List.of()),
            Map.entry("loop", List.of("logging")),
            Map.entry("settings", List.of()),
            Map.entry("limit", List.of("settings")),
            Map.entry("selector", List.of("event")),
            Map.entry("stats", List.of("event")),
            Map.entry("frames", List.of("event")),
            Map.entry("log", List.of("event", "selector", "identity", "memory", "logging", "settings", "stats")),
            Map.entry("log.local", List.of("log", "event", "selector", "identity", "memory", "logging", "stats")),
            Map.entry("log.sqlite.files", List.of("log")),
            Map.entry("log.sqlite.columns", List.of("event")),
            Map.entry("log.sqlite.rows", List.of("log", "log.sqlite.columns", "log.sqlite.files", "event")),
            Map.entry("log.sqlite.keys", List.of("log", "log.local", "log.sqlite.files", "event")),
            Map.entry(
                    "log.sqlite",
                    List.of(
                            "log",
                            "log.local",
                            "log.sqlite.files",
                            "log.sqlite.columns",
                            "log.sqlite.rows",
                            "log.sqlite.keys",
                            "event",
                            "selector",
                            "identity",
                            "memory",
                            "logging")),
            Map.entry(
                    "cluster",
                    List.of(
                            "log",
                            "log.local",
                            "log.sqlite",
                            "event",
                            "selector",
                            "identity",
                            "memory",
                            "logging",
                            "stats")),
            Map.entry("cluster.postgres", List.of("cluster", "log", "log.local", "event", "identity")),
            Map.entry("tracing", List.of("event", "log", "settings")),
            Map.entry("tracing.otel", List.of("tracing", "event", "log", "http", "logging")),
            Map.entry("replay", List.of("event", "frames", "selector", "log", "stats", "memory", "logging")),
            Map.entry(
                    "hub",
                    List.of(
                            "replay",
                            "event",
                            "frames",
                            "selector",
                            "log",
                            "loop",
                            "stats",
                            "memory",
                            "logging",
                            "settings",
                            "tracing")),
            Map.entry("presence", List.of("hub", "event", "selector", "log", "memory", "logging")),
            Map.entry("roster", List.of("hub", "event", "selector", "identity")),
            Map.entry("auth", List.of("event", "selector", "identity", "memory", "stats", "logging", "settings")),
            Map.entry("connection", List.of("limit", "memory", "logging", "settings", "stats")),
            Map.entry(
                    "http",
                    List.of("event", "auth", "log", "connection", "memory", "settings", "stats", "logging", "limit")),
            Map.entry("http.check", List.of("http")),
            Map.entry("stream", List.of("event", "hub", "connection")),
            Map.entry(
                    "web",
                    List.of(
                            "http",
                            "stream",
                            "hub",
                            "roster",
                            "auth",
                            "identity",
                            "event",
                            "selector",
                            "connection",
                            "limit",
                            "memory",
                            "tracing")),
            Map.entry(
                    "web.history",
                    List.of(
                            "web",
                            "http",
                            "stream",
                            "hub",
                            "replay",
                            "roster",
                            "auth",
                            "identity",
                            "event",
                            "selector",
                            "limit",
                            "connection",
                            "memory")),
            Map.entry("web.quick", List.of("web", "web.history", "http", "hub", "event", "selector", "memory")),
            Map.entry(
                    "web.mercure",
                    List.of("web", "http", "stream", "hub", "auth", "presence", "event", "selector", "memory")),
            Map.entry(
                    "web.admin",
                    List.of(
                            "web",
                            "http",
                            "connection",
                            "stream",
                            "hub",
                            "roster",
                            "auth",
                            "identity",
                            "log",
                            "presence",
                            "stats",
                            "event",
                            "selector",
                            "limit",
                            "memory",
                            "settings")),
            Map.entry("ops", List.of("log", "hub", "connection")),
            Map.entry(
                    "ops.metrics",
                    List.of(
                            "log",
                            "hub",
                            "presence",
                            "auth",
                            "identity",
                            "connection",
                            "http",
                            "stream",
                            "limit",
                            "memory",
                            "stats",
                            "tracing")));

    static Stream<String> packages() {
        return KNOWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageDependsOnlyOnPackagesOnItsMap(String name) {
        String[] allowed = Stream.concat(Stream.of(name), KNOWS.get(name).stream())
                .map(known -> ROOT + "." + known)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .check(herald);
    }

    @Test
    void everyPackageIsOnTheMap() {
        Stream<String> found = herald.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1))
                .distinct();

        assertThat(found).containsExactlyInAnyOrderElementsOf(KNOWS.keySet());
    }

    @Test
    void packageHasAtMost25Types() {
        Map<String, Long> sizes = herald.stream()
                .filter(type -> type.getEnclosingClass().isEmpty())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes).allSatisfy((name, types) -> assertThat(types).as(name).isLessThanOrEqualTo(MAX_TYPES));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(by("package", JavaClass::getPackageName))
                .should()
                .beFreeOfCycles()
                .check(herald);
    }

    @Test
    void typesHaveNoCycles() {
        slices().assignedFrom(by("type", ArchitectureTest::topLevelName))
                .should()
                .beFreeOfCycles()
                .check(herald);
    }

    private static SliceAssignment by(String kind, java.util.function.Function<JavaClass, String> name) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(ROOT)
                        ? SliceIdentifier.of(name.apply(type))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "each " + kind;
            }
        };
    }

    private static String topLevelName(JavaClass type) {
        return type.getName().split("\\$")[0];
    }

    @Test
    void eventAndSelectorDependOnNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".event", ROOT + ".selector")
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.not(resideInAnyPackage("java..", ROOT + ".event", ROOT + ".selector")))
                .check(herald);
    }

    @Test
    void hubAndItsToolsDependOnNoHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".hub", ROOT + ".presence", ROOT + ".stats", ROOT + ".loop")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx..", "io.netty.handler.."))
                .check(herald);
    }

    @Test
    void authDependsOnNoRequests() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".auth")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx..", "io.netty.."))
                .check(herald);
    }

    @Test
    void buffersAreAllocatedOnlyWhereTestsWatchForLeaks() {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(LeakWatch.BUFFERS.toArray(String[]::new))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.buffer.."))
                .check(herald);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "presence"})
    void packageDependsOnTheLogOnlyByItsExceptions(String name) {
        DescribedPredicate<JavaClass> exceptions = JavaClass.Predicates.assignableTo(RuntimeException.class);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".log..").and(DescribedPredicate.not(exceptions)))
                .check(herald);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Path of an update", "Path of a stream"})
    void pathOnTheMapNamesTypesThatExist(String title) throws IOException {
        String map = Files.readString(Path.of("src/main/java/dev/herald/package-info.java"));
        String path = Arrays.stream(map.split("<p>"))
                .filter(paragraph -> paragraph.startsWith(title))
                .findFirst()
                .orElseThrow();
        Matcher links = Pattern.compile("\\{@link ([\\w.]+)}").matcher(path);
        List<String> stations = links.results().map(link -> link.group(1)).toList();

        assertThat(stations)
                .hasSizeBetween(2, MAX_STATIONS)
                .allSatisfy(type -> assertThat(herald.contain(type)).as(type).isTrue());
    }
}
