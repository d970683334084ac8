package dev.herald;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.sse.OutboundSseEvent;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a native image's requirements on the JVM, since no test builds one. A native image supports reflection only
 * on registered types, runs static initializers on the build machine, and contains only configured resources and
 * charsets. So no entity and no JSON needs unregistered reflection. No static initializer or bean created at build time
 * stores the time, random numbers, settings or memory of the build machine. The build has the required arguments.
 */
class NativeImageTest {
    private static final JavaClasses HERALD = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.herald");

    /** Entities written without reflection. */
    private static final List<Class<?>> PLAIN =
            List.of(String.class, byte[].class, JsonNode.class, OutboundSseEvent.class, Void.class);

    private static final String RUN_TIME = "--initialize-at-run-time=";

    /** Owners, or owners and methods, whose result differs between machines or starts. */
    private static final List<String> OF_ONE_MACHINE = List.of(
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.UUID.randomUUID",
            "com.github.f4b6a3",
            "java.time.Clock",
            "java.time.Instant.now",
            "java.time.ZoneId.systemDefault",
            "java.util.TimeZone",
            "java.util.Locale.getDefault",
            "java.nio.charset.Charset.defaultCharset",
            "java.nio.charset.Charset.forName",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Boolean.getBoolean",
            "java.lang.Integer.getInteger",
            "java.lang.Long.getLong",
            "java.lang.Runtime.",
            "java.lang.ProcessHandle",
            "java.lang.Thread.",
            "java.lang.management",
            "java.util.concurrent.Executors",
            "java.net.",
            "java.nio.file.Files",
            "java.nio.ByteBuffer.allocateDirect",
            "java.security.KeyPairGenerator",
            "javax.crypto",
            "io.netty.buffer",
            "io.netty.channel",
            "io.vertx.core.Vertx",
            "org.eclipse.microprofile.config");

    @Test
    void entitiesOfResourcesAndMappersNeedNoUnregisteredReflection() {
        List<JavaMethod> methods = HERALD.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(NativeImageTest::answersRequests)
                .toList();

        assertThat(methods).as("resource methods and mappers").hasSizeGreaterThan(15);
        assertThat(methods)
                .filteredOn(method -> !withoutReflection(method.getReturnType()))
                .as("annotate the entity with @RegisterForReflection, or return a String, byte[] or JsonNode")
                .isEmpty();
    }

    private static boolean answersRequests(JavaMethod method) {
        return method.isAnnotatedWith(ServerExceptionMapper.class)
                || method.isAnnotatedWith(ServerRequestFilter.class)
                || method.getOwner().isAnnotatedWith(Path.class) && method.isMetaAnnotatedWith(HttpMethod.class);
    }

    /** Unwraps the entity from {@code Uni}, {@code Multi}, {@code CompletionStage} and {@code RestResponse}. */
    private static boolean withoutReflection(JavaType type) {
        if (type instanceof JavaParameterizedType wrapper) {
            return wrapper.getActualTypeArguments().stream().allMatch(NativeImageTest::withoutReflection);
        }
        JavaClass entity = type.toErasure();
        return PLAIN.stream().anyMatch(entity::isAssignableTo)
                || entity.getName().equals("void")
                // Has no entity: noResponseHasAnUntypedEntity.
                || entity.isEquivalentTo(Response.class)
                || entity.isAnnotatedWith(RegisterForReflection.class)
                || hasWriter(entity);
    }

    /** Whether a provider of the hub writes it without reflection. */
    private static boolean hasWriter(JavaClass entity) {
        return HERALD.stream()
                .filter(type -> type.isAnnotatedWith(Provider.class))
                .flatMap(type -> type.getInterfaces().stream())
                .filter(type -> type.toErasure().isEquivalentTo(ServerMessageBodyWriter.class))
                .map(JavaParameterizedType.class::cast)
                .anyMatch(
                        type -> type.getActualTypeArguments().get(0).toErasure().equals(entity));
    }

    @Test
    void noResponseHasAnUntypedEntity() {
        noClasses()
                .should()
                .callMethodWhere(calls("jakarta.ws.rs.core.Response$ResponseBuilder", "entity"))
                .orShould()
                .callMethod(Response.class, "ok", Object.class)
                .orShould()
                .callMethod(Response.class, "accepted", Object.class)
                .because("nobody could see from the method what is to be registered")
                .check(HERALD);
    }

    /** Jackson reads and writes trees and tokens without reflection, but not objects. */
    @Test
    void jacksonReadsAndWritesTreesAndTokensOnly() {
        noClasses()
                .should()
                .callMethodWhere(calls(
                        "com.fasterxml.jackson",
                        "readValue",
                        "readValues",
                        "readValueAs",
                        "convertValue",
                        "updateValue",
                        "treeToValue",
                        "valueToTree",
                        "writeValue",
                        "writeValueAsString",
                        "writeValueAsBytes",
                        "writeObject",
                        "writePOJO",
                        "writeObjectField",
                        "putPOJO",
                        "addPOJO"))
                .orShould()
                .callMethodWhere(calls(
                        "io.vertx.core.json",
                        "encode",
                        "encodePrettily",
                        "decodeValue",
                        "mapFrom",
                        "mapTo",
                        "encodeToBuffer"))
                .check(HERALD);
    }

    @Test
    void nothingElseUsesReflection() {
        noClasses()
                .should()
                .callMethodWhere(calls(
                        "java.lang.Class",
                        "forName",
                        "getMethod",
                        "getDeclaredMethod",
                        "getField",
                        "getDeclaredField",
                        "getConstructor",
                        "getDeclaredConstructor",
                        "getMethods",
                        "getDeclaredFields"))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.reflect.Proxy")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.ServiceLoader")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .check(HERALD);
    }

    /** Quarkus includes {@code META-INF/resources} in the image by default, and no other resource. */
    @Test
    void onlyFilesOfThePageAndModulesOfTheClientAreReadAsResources() throws IOException {
        assertThat(includedResources()).contains("client/*.js");
        noClasses()
                .that()
                .doNotHaveSimpleName("PageResource")
                .and()
                .doNotHaveSimpleName("ClientModule")
                .and()
                .doNotHaveSimpleName("ReadOnlyPaths")
                .and()
                .doNotHaveSimpleName("ClientSource")
                .should()
                .callMethodWhere(calls("java.lang.Class", "getResource", "getResourceAsStream"))
                .orShould()
                .callMethodWhere(calls("java.lang.ClassLoader", "getResource", "getResourceAsStream", "getResources"))
                .check(HERALD);
    }

    private static DescribedPredicate<JavaCall<?>> calls(String owner, String... methods) {
        Set<String> names = Set.of(methods);
        return DescribedPredicate.describe(
                owner + " " + names,
                call -> call.getTargetOwner().getName().startsWith(owner)
                        && names.contains(call.getTarget().getName()));
    }

    @Test
    void staticInitializersStoreNothingOfTheBuildMachine() {
        Set<String> kept = new TreeSet<>();
        for (JavaClass type : HERALD) {
            type.getStaticInitializer().ifPresent(initializer -> kept.addAll(ofOneMachine(type, initializer)));
        }

        assertThat(kept).isEmpty();
    }

    /** Calls of the initializer, direct or through the hub's own methods, except lambdas, which run later. */
    private static List<String> ofOneMachine(JavaClass type, JavaCodeUnit initializer) {
        Set<String> seen = new HashSet<>();
        Deque<JavaCodeUnit> next = new ArrayDeque<>(List.of(initializer));
        Set<String> found = new TreeSet<>();
        while (!next.isEmpty()) {
            JavaCodeUnit unit = next.remove();
            if (!seen.add(unit.getFullName())) {
                continue;
            }
            unit.getCallsFromSelf().stream()
                    .filter(call -> !call.isDeclaredInLambda())
                    .forEach(call -> {
                        String target = call.getTargetOwner().getName() + "." + call.getName();
                        if (OF_ONE_MACHINE.stream().anyMatch(target::startsWith)) {
                            found.add(type.getSimpleName() + " → " + unit.getFullName() + " → " + target);
                        }
                        resolved(call)
                                .filter(called ->
                                        HERALD.contain(called.getOwner().getName()))
                                .forEach(next::add);
                    });
        }
        return List.copyOf(found);
    }

    private static Stream<JavaCodeUnit> resolved(JavaAccess<?> call) {
        return call.getTarget().resolveMember().stream()
                .filter(JavaCodeUnit.class::isInstance)
                .map(JavaCodeUnit.class::cast);
    }

    /**
     * Quarkus REST creates filters and mappers at build time: their dependencies must be created later, behind a proxy.
     */
    @Test
    void filtersAndMappersGetNothingCreatedAtBuildTime() {
        List<JavaClass> early = HERALD.stream()
                .filter(type -> type.isAnnotatedWith(Provider.class)
                        || type.getMethods().stream()
                                .anyMatch(method -> method.isAnnotatedWith(ServerExceptionMapper.class)
                                        || method.isAnnotatedWith(ServerRequestFilter.class)))
                .toList();

        assertThat(early).hasSizeGreaterThanOrEqualTo(4);
        assertThat(early.stream()
                        .flatMap(type -> type.getConstructors().stream())
                        .flatMap(constructor -> constructor.getRawParameterTypes().stream()))
                .as("what is injected")
                .allMatch(type -> type.isAnnotatedWith(ApplicationScoped.class));
    }

    @Test
    void buildHasTheNativeImageArguments() throws IOException {
        Properties settings = settings();

        List<String> arguments = Arrays.asList(
                settings.getProperty("quarkus.native.additional-build-args").split(","));

        assertThat(arguments).contains("-J-Dvertx.disableWebsockets=true");
        assertThat(arguments)
                .filteredOn(argument -> argument.startsWith(RUN_TIME))
                .hasSize(2)
                .allSatisfy(argument -> assertThat(Class.forName(
                                argument.substring(RUN_TIME.length()),
                                false,
                                getClass().getClassLoader()))
                        .isNotNull());
        assertThat(settings).containsEntry("quarkus.native.add-all-charsets", "true");
    }

    /** Quarkus turns the search for services off: the SDK of OpenTelemetry finds its HTTP client by one. */
    @Test
    void httpClientOfTheSpanExporterIsInTheImage() throws IOException {
        String file = includedResources().get(1);

        try (InputStream services = NativeImageTest.class.getResourceAsStream("/" + file)) {
            String provider = new String(services.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(HERALD.stream()
                            .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                            .map(type -> type.getAnnotationOfType(RegisterForReflection.class))
                            .flatMap(annotation -> Arrays.stream(annotation.classNames())))
                    .contains(provider);
        }
    }

    private static List<String> includedResources() throws IOException {
        return List.of(
                settings().getProperty("quarkus.native.resources.includes").split(","));
    }

    private static Properties settings() throws IOException {
        Properties settings = new Properties();
        try (InputStream file = NativeImageTest.class.getResourceAsStream("/application.properties")) {
            settings.load(file);
        }
        return settings;
    }
}
