package dev.herald.openapi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Check of answers against the OpenAPI document: the status is that of the operation, and the body has its schema. The
 * media type and the headers are described, and required headers are there. Thread-safe.
 */
public final class AnswerCheck {
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final Schemas SCHEMAS = new Schemas(DOCUMENT);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longest part of an answer in a message, in characters. */
    private static final int MAX_QUOTED = 500;

    /** Of the responses for requests that are not valid HTTP. */
    private static final Set<Integer> INVALID_HTTP = Set.of(400, 406, 414, 415, 431, 501, 503, 505);

    /**
     * Headers of HTTP, of all answers and of the page, which the document does not repeat; and three that are set before
     * it is known whether the request is refused.
     */
    private static final Set<String> NOT_REPEATED = Set.of(
            "accept-ranges",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-security-policy",
            "content-type",
            "date",
            "keep-alive",
            "link",
            "last-modified",
            "transfer-encoding",
            "vary",
            "x-accel-buffering",
            "x-content-type-options");

    /** Path prefixes of what is no interface: the files of the page, and what only dev mode and tests have. */
    private static final List<String> FILES =
            List.of("/page", "/index.html", "/favicon", "/q/dev", "/test", "/witness");

    private AnswerCheck() {}

    /**
     * Fails if the document does not describe an answer.
     *
     * @param path without the prefix of the hub, with the query
     * @param headers lower-case names
     * @param body null if it is not known, as of a stream
     */
    public static void check(
            String method, String path, int status, Map<String, String> headers, String contentType, String body) {
        faults(method, path, status, headers, contentType, body).ifPresent(fault -> {
            throw new AssertionError("The OpenAPI document does not describe this answer: "
                    + shortened(method + " " + path) + " -> " + status + " " + headers + " " + shortened(body) + "\n"
                    + fault);
        });
    }

    private static String shortened(String text) {
        return text == null || text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    static Optional<String> faults(
            String method, String target, int status, Map<String, String> headers, String contentType, String body) {
        String path = path(target);
        if (FILES.stream().anyMatch(path::startsWith)) {
            return Optional.empty();
        }
        Optional<String> template = DOCUMENT.template(path);
        if (template.isEmpty()) {
            return firstFit(
                    List.of(
                            response("NotFound"),
                            response("PreflightAllowed"),
                            response("PreflightForbidden"),
                            response("MethodNotAllowed"),
                            response("Methods")),
                    status,
                    // The last two at other forms of a path.
                    List.of(404, 204, 403, 405, 200),
                    headers,
                    contentType,
                    body);
        }
        JsonNode responses = DOCUMENT.root()
                .path("paths")
                .path(template.get())
                .path(ApiDocument.key(method))
                .path("responses");
        if (responses.isMissingNode()) {
            return firstFit(
                    List.of(
                            response("MethodNotAllowed"),
                            response("NotFound"),
                            response("Methods"),
                            response("PreflightAllowed"),
                            response("PreflightForbidden")),
                    status,
                    // 404 where the administration is on another port.
                    List.of(405, 404, 200, 204, 403),
                    headers,
                    contentType,
                    body);
        }
        JsonNode described = responses.path(Integer.toString(status));
        return described.isMissingNode()
                ? invalidHttp(status, headers, contentType, body)
                : fault(DOCUMENT.resolved(described), headers, contentType, method.equals("HEAD") ? "" : body);
    }

    /** The path of a target as the server routes it: without query, path parameters, dot segments and a slash at its end. */
    private static String path(String target) {
        String path = target.split("[?#]", 2)[0]
                .replaceAll("%2[Ee]", ".")
                .replaceAll(";[^/]*", "")
                .replaceAll("%2[Ee]", ".")
                .replaceAll("/\\.(?=/|$)", "")
                .replaceAll("/[^/]+/\\.\\.(?=/|$)", "");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static JsonNode response(String name) {
        return DOCUMENT.component("responses", name);
    }

    private static Optional<String> firstFit(
            List<JsonNode> responses,
            int status,
            List<Integer> statuses,
            Map<String, String> headers,
            String contentType,
            String body) {
        int index = statuses.indexOf(status);
        return index < 0
                ? invalidHttp(status, headers, contentType, body)
                : fault(responses.get(index), headers, contentType, body);
    }

    private static Optional<String> invalidHttp(
            int status, Map<String, String> headers, String contentType, String body) {
        if (!INVALID_HTTP.contains(status)) {
            return Optional.of("status " + status + " is not described");
        }
        return fault(response("InvalidHttp"), headers, contentType, body);
    }

    private static Optional<String> fault(
            JsonNode response, Map<String, String> headers, String contentType, String body) {
        Set<String> described = names(response.path("headers"));
        List<String> unknown = headers.keySet().stream()
                .filter(name -> !NOT_REPEATED.contains(name) && !name.startsWith("access-control-"))
                .filter(name -> !described.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            return Optional.of("headers are not described: " + unknown);
        }
        List<String> missing = described.stream()
                .filter(name -> isRequired(response.path("headers"), name))
                .filter(name -> !headers.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            return Optional.of("required headers are missing: " + missing);
        }
        return bodyFault(response.path("content"), contentType, body);
    }

    private static Set<String> names(JsonNode headers) {
        return headers.properties().stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static boolean isRequired(JsonNode headers, String name) {
        return headers.properties().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .anyMatch(header ->
                        DOCUMENT.resolved(header.getValue()).path("required").asBoolean());
    }

    private static Optional<String> bodyFault(JsonNode content, String contentType, String body) {
        if (body == null || body.isEmpty()) {
            return Optional.empty();
        }
        if (contentType == null) {
            return Optional.of("a body without a content type");
        }
        String type = contentType.split(";", 2)[0].trim();
        if (!content.has(type)) {
            return Optional.of("media type " + type + " is not described");
        }
        try {
            JsonNode value =
                    type.endsWith("json") && !type.endsWith("ndjson") ? JSON.readTree(body) : new TextNode(body);
            List<String> faults = SCHEMAS.faults(content.path(type).path("schema"), value);
            return faults.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", faults));
        } catch (JsonProcessingException e) {
            return Optional.of("no JSON: " + Arrays.toString(body.getBytes()));
        }
    }
}
