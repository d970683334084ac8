package dev.herald.openapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import dev.herald.openapi.ApiDocument.Operation;

import static org.assertj.core.api.Assertions.assertThat;

/** The document has the operations of the resources, each with its parameters in the path. */
class OperationsTest {
    private static final ApiDocument DOCUMENT = ApiDocument.read();

    /** Paths that are no resources: {@code OpenApiTest} compares them with the routes of the running hub. */
    private static final Set<String> ROUTES = Set.of("/", "/herald.js", "/herald.d.ts");

    @Test
    void documentHasExactlyTheOperationsOfTheResources() {
        Set<String> described = DOCUMENT.operations().stream()
                .filter(operation -> !operation.path().startsWith("/q/") && !ROUTES.contains(operation.path()))
                .filter(operation -> !operation.method().equals("OPTIONS"))
                .map(Operation::toString)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).hasSizeGreaterThan(5).isEqualTo(new TreeSet<>(served()));
    }

    /** A page of another origin may not administer the hub, so there is no preflight. */
    @Test
    void preflightIsDescribedAtEachPathThatPublishes() {
        assertThat(DOCUMENT.operations().stream()
                        .filter(operation -> operation.method().equals("OPTIONS"))
                        .map(Operation::path))
                .containsExactlyInAnyOrderElementsOf(DOCUMENT.operations().stream()
                        .filter(operation -> operation.method().equals("POST"))
                        .map(Operation::path)
                        .filter(path -> !path.startsWith("/admin/"))
                        .toList());
    }

    @Test
    void operationNamesTheParametersOfItsPath() {
        assertThat(DOCUMENT.operations()).allSatisfy(operation -> assertThat(DOCUMENT.parameters(operation, "path"))
                .containsExactlyElementsOf(Stream.of(operation.path().split("/"))
                        .filter(segment -> segment.startsWith("{"))
                        .map(segment -> segment.substring(1, segment.length() - 1))
                        .sorted()
                        .toList()));
    }

    /** Method and path of each method of a resource. */
    private static List<String> served() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.herald").stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Stream.of(type.getDeclaredMethods())
                                .flatMap(method -> verb(method).map(verb -> verb + " " + path(type, method)).stream()))
                        .toList();
    }

    private static Optional<String> verb(Method method) {
        return Stream.of(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value())
                .findFirst();
    }

    private static String path(Class<?> type, Method method) {
        String below = method.isAnnotationPresent(Path.class)
                ? method.getAnnotation(Path.class).value()
                : "";
        String path = "/" + type.getAnnotation(Path.class).value() + "/" + below;
        return path.replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    }
}
