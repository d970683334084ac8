package dev.herald.suite;

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that each unit test runs once, in exactly one suite, and that suites share no profile. */
@TestInstance(Lifecycle.PER_CLASS)
class SuitesTest {
    static final String UNIT_TESTS = ".*Test";

    /** Not static, so that its tens of megabytes do not stay. */
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("dev.herald");

    @Test
    void eachUnitTestBelongsToOneSuite() {
        List<JavaClass> suites = classes.stream()
                .filter(type -> type.isAnnotatedWith(Suite.class))
                .toList();
        List<JavaClass> tests = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getSimpleName().endsWith("Test"))
                .toList();

        assertThat(suites).hasSizeGreaterThan(1);
        assertThat(tests).isNotEmpty().allSatisfy(test -> assertThat(
                        suites.stream().filter(suite -> selects(suite, test)))
                .as(test.getName())
                .hasSize(1));
    }

    /** Surefire and Failsafe find classes by their names. */
    @Test
    void eachClassWithTestsHasANameThatIsRun() {
        List<String> named = classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type ->
                        type.getAllMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(Testable.class)))
                .map(JavaClass::getSimpleName)
                .toList();

        assertThat(named).hasSizeGreaterThan(100).allMatch(name -> name.matches(".*(Test|IT|Bench)|AnotherHub"));
    }

    /** Within a suite, Quarkus builds and starts the hub once for each profile, and once for all tests without one. */
    @Test
    void eachProfileBelongsToOneSuite() {
        Map<String, Set<String>> suites = classes.stream()
                .filter(type -> type.isAnnotatedWith(QuarkusTest.class))
                .filter(type -> type.getSimpleName().endsWith("Test"))
                .collect(Collectors.groupingBy(
                        SuitesTest::profile, Collectors.mapping(this::suite, Collectors.toSet())));

        assertThat(suites)
                .hasSizeGreaterThan(10)
                .allSatisfy((profile, of) -> assertThat(of).as(profile).hasSize(1));
    }

    private static String profile(JavaClass test) {
        return test.tryGetAnnotationOfType(TestProfile.class)
                .map(profile -> profile.value().getName())
                .orElse("none");
    }

    private String suite(JavaClass test) {
        return classes.stream()
                .filter(type -> type.isAnnotatedWith(Suite.class))
                .filter(suite -> selects(suite, test))
                .map(JavaClass::getSimpleName)
                .findFirst()
                .orElseThrow();
    }

    private static boolean selects(JavaClass suite, JavaClass test) {
        if (values(suite, SelectClasses.class, SelectClasses::names).contains(test.getName())) {
            return true;
        }
        String name = test.getPackageName();
        return isBelow(name, values(suite, SelectPackages.class, SelectPackages::value))
                && !isBelow(name, values(suite, ExcludePackages.class, ExcludePackages::value))
                && !values(suite, ExcludeClassNamePatterns.class, ExcludeClassNamePatterns::value)
                        .contains(test.getName());
    }

    private static <A extends Annotation> List<String> values(
            JavaClass suite, Class<A> annotation, Function<A, String[]> value) {
        return suite.tryGetAnnotationOfType(annotation).stream()
                .map(value)
                .flatMap(Arrays::stream)
                .toList();
    }

    private static boolean isBelow(String name, Collection<String> packages) {
        return packages.stream().anyMatch(one -> (name + ".").startsWith(one + "."));
    }
}
