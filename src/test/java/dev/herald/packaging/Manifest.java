package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;

/**
 * Kubernetes manifest, parsed as strictly as by the server: unknown kinds, fields and types are rejected, and so is a
 * number in place of text.
 *
 * @param resources its resources, in order
 */
record Manifest(List<HasMetadata> resources) {
    private static final Path GENERATED = Path.of("target/kubernetes/kubernetes.yml");

    private static final Path EXAMPLES = Path.of("src/main/kubernetes/examples");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 Service", Service.class,
            "v1 PersistentVolumeClaim", PersistentVolumeClaim.class,
            "v1 Pod", Pod.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "networking.k8s.io/v1 Ingress", Ingress.class,
            "gateway.networking.k8s.io/v1 Gateway", Gateway.class,
            "gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);

    /** The built manifest; fails without one. */
    static Manifest generated() throws IOException {
        return parse(text());
    }

    /** An example for operators, by the name of its file. */
    static Manifest example(String name) throws IOException {
        return parse(Files.readString(EXAMPLES.resolve(name)));
    }

    /** Names of the files of all examples. */
    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The built manifest as text. */
    static String text() throws IOException {
        return Files.readString(GENERATED);
    }

    /** @throws com.fasterxml.jackson.core.JsonProcessingException if Kubernetes would reject it */
    static Manifest parse(String yaml) throws IOException {
        ObjectMapper strict = strict();
        List<HasMetadata> resources = new ArrayList<>();
        for (JsonNode document :
                strict.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll()) {
            String kind = document.path("apiVersion").asText() + " "
                    + document.path("kind").asText();
            Class<? extends HasMetadata> type = KINDS.get(kind);
            if (type == null) {
                throw new AssertionError("A resource that nobody asked for: " + kind);
            }
            resources.add(strict.treeToValue(document, type));
        }
        return new Manifest(List.copyOf(resources));
    }

    /** The one resource of this type. */
    <T extends HasMetadata> T only(Class<T> type) {
        List<T> found =
                resources.stream().filter(type::isInstance).map(type::cast).toList();
        if (found.size() != 1) {
            throw new AssertionError(type.getSimpleName() + " is there " + found.size() + " times, not once.");
        }
        return found.get(0);
    }

    private static ObjectMapper strict() {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new NoRoomForMore())
                .build();
        for (CoercionInputShape number :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(number, CoercionAction.Fail);
        }
        return mapper;
    }

    /** Ignores the map of the model for unknown fields, so that such fields are errors. */
    private static final class NoRoomForMore extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }
}
