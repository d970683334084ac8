package dev.herald.openapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document of the sources, with its references resolved on access. Immutable and thread-safe.
 *
 * @param root the whole document
 */
record ApiDocument(JsonNode root) {
    /** The document, relative to the root of the repository. */
    static final Path FILE = Path.of("src", "main", "resources", "META-INF", "openapi.yaml");

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace", "x-query");

    /** Beginning of the key of a method that OpenAPI 3.1 does not name. */
    private static final String UNNAMED = "x-";

    /** The document in the sources. */
    static ApiDocument read() {
        try {
            return new ApiDocument(new YAMLMapper().readTree(FILE.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One method of one path.
     *
     * @param method in upper case
     * @param path template
     */
    record Operation(String method, String path, JsonNode description) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All operations. */
    List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        for (Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    String method = operation.getKey().replaceFirst("^" + UNNAMED, "");
                    all.add(new Operation(method.toUpperCase(), path.getKey(), operation.getValue()));
                }
            }
        }
        return all;
    }

    /** The operation of this method and template. */
    Operation operation(String method, String path) {
        return operations().stream()
                .filter(found -> found.method().equals(method) && found.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** The key of a method in the description of a path; {@code HEAD} is described by {@code GET}. */
    static String key(String method) {
        String name = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        return METHODS.contains(UNNAMED + name) ? UNNAMED + name : name;
    }

    /** The template that matches a path; the literal one if there are several. */
    Optional<String> template(String path) {
        return StreamSupport.stream(((Iterable<String>) () -> root.path("paths").fieldNames()).spliterator(), false)
                .filter(template -> Pattern.matches(pattern(template), path))
                .findFirst();
    }

    private static String pattern(String template) {
        return Stream.of(template.split("(?=\\{)|(?<=})"))
                .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                .reduce("", String::concat);
    }

    /** The node itself, or what its {@code $ref} leads to. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** Names of an operation's parameters in this place: {@code query}, {@code header}, {@code path}. */
    Set<String> parameters(Operation operation, String in) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.description().path("parameters")) {
            JsonNode found = resolved(parameter);
            if (found.path("in").asText().equals(in)) {
                names.add(found.path("name").asText());
            }
        }
        return names;
    }

    /** Names of the security schemes that the operation accepts. */
    static Set<String> schemes(Operation operation) {
        Set<String> names = new TreeSet<>();
        operation.description().path("security").forEach(one -> one.fieldNames().forEachRemaining(names::add));
        return names;
    }

    /** A component, such as {@code responses}, {@code NotFound}. */
    JsonNode component(String kind, String name) {
        return root.path("components").path(kind).path(name);
    }

    /** All components of a kind. */
    Collection<Entry<String, JsonNode>> components(String kind) {
        return root.path("components").path(kind).properties();
    }
}
