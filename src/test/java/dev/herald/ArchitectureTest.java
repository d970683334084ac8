package dev.herald;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** Holds the directions that {@code dev.herald}'s package comment draws. */
class ArchitectureTest {
    private static final String ROOT = "dev.herald";
    private static final JavaClasses HERALD = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** What each room may know of the others. */
    private static final Map<String, List<String>> KNOWS = Map.of(
            "memory", List.of(),
            "event", List.of(),
            "log", List.of("event", "memory"),
            "hub", List.of("event", "log", "memory"),
            "auth", List.of("event", "memory"),
            "http", List.of("event", "auth", "log", "memory"),
            "web", List.of("event", "log", "hub", "auth", "http", "memory"),
            "ops", List.of("log", "hub"));

    static Stream<String> rooms() {
        return KNOWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomKnowsOnlyWhatTheMapAllows(String room) {
        String[] allowed = Stream.concat(Stream.of(room), KNOWS.get(room).stream())
                .map(name -> ROOT + "." + name + "..")
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .check(HERALD);
    }

    @Test
    void everyRoomIsOnTheMap() {
        Stream<String> found = HERALD.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1).split("\\.")[0])
                .distinct();

        assertThat(found).containsExactlyInAnyOrderElementsOf(KNOWS.keySet());
    }

    @Test
    void eventKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".event..")
                .should()
                .dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage("java..", ROOT + ".event..")))
                .check(HERALD);
    }

    @Test
    void hubKnowsNoHttp() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".hub..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx..", "io.netty.handler.."))
                .check(HERALD);
    }

    @Test
    void authKnowsNoRequests() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".auth..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx..", "io.netty.."))
                .check(HERALD);
    }

    @Test
    void webKnowsTheLogOnlyByItsExceptions() {
        DescribedPredicate<JavaClass> exceptions = JavaClass.Predicates.assignableTo(RuntimeException.class);

        noClasses()
                .that()
                .resideInAPackage(ROOT + ".web..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".log..").and(DescribedPredicate.not(exceptions)))
                .check(HERALD);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(HERALD);
    }

    @Test
    void onlyTheRootKnowsALogByItsName() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".log..")
                .should()
                .dependOnClassesThat(
                        equivalentTo(dev.herald.log.MemoryEventLog.class).or(resideInAPackage(ROOT + ".log.file..")))
                .check(HERALD);
    }
}
