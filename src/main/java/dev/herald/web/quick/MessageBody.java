package dev.herald.web.quick;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.herald.http.Parameters;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.http.Text;

/**
 * Body of a message posted to the quick API (PROTOCOL Q1–Q7).
 *
 * @param json the JSON text to publish; unchanged if it was sent as JSON, so members named {@code private} or
 *     {@code id} are data
 * @param form all fields of a form, {@code message} included; empty for a body of another type
 */
record MessageBody(String json, Parameters form) {
    /** Member names are client input: they must not fill the symbol tables that Jackson shares between parsers. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /** Field of a form that becomes the data. */
    static final String FIELD = "message";

    /**
     * Parses a body. A leading byte order mark is skipped.
     *
     * @param contentType the header's value; an absent one means {@code text/plain}
     * @throws RequestRejectedException if the body is empty, not in its charset, not what its type says, or of another
     *     type
     */
    static MessageBody parse(Optional<String> contentType, byte[] body) {
        MediaType type = type(contentType.orElse(MediaType.TEXT_PLAIN));
        if (body.length == 0) {
            throw empty();
        }
        // JSON is UTF-8 whatever the type says (RFC 8259 §8.1), and so are forms; plain text may have another charset.
        return switch (kind(type)) {
            case JSON -> new MessageBody(checked(text(body, StandardCharsets.UTF_8)), Parameters.NONE);
            case TEXT -> new MessageBody(jsonOrWrapped(text(body, charset(type))), Parameters.NONE);
            case FORM -> form(Parameters.parse(Text.form(body)));
        };
    }

    private static RequestRejectedException empty() {
        return new RequestRejectedException(
                ProblemType.EMPTY_BODY, "The body is empty: send JSON, text, or a form with the field 'message'.");
    }

    /** A body of only a byte order mark is empty, too. */
    private static String text(byte[] body, Charset charset) {
        String text = Text.body(body, charset);
        if (text.isEmpty()) {
            throw empty();
        }
        return text;
    }

    private static MediaType type(String contentType) {
        try {
            return MediaType.valueOf(contentType);
        } catch (IllegalArgumentException e) {
            throw unsupported(contentType);
        }
    }

    private static Kind kind(MediaType type) {
        String name = (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
        if (name.equals(MediaType.APPLICATION_JSON) || name.startsWith("application/") && name.endsWith("+json")) {
            return Kind.JSON;
        }
        return switch (name) {
            case MediaType.TEXT_PLAIN -> Kind.TEXT;
            case MediaType.APPLICATION_FORM_URLENCODED -> Kind.FORM;
            default -> throw unsupported(name);
        };
    }

    private static Charset charset(MediaType type) {
        String name = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw unsupported("charset=" + name);
        }
    }

    private static RequestRejectedException unsupported(String contentType) {
        return new RequestRejectedException(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "'" + contentType
                        + "' is not supported: send application/json, text/plain or"
                        + " application/x-www-form-urlencoded, in UTF-8.");
    }

    private static String checked(String text) {
        Optional<String> problem = jsonProblem(text);
        if (problem.isPresent()) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_JSON,
                    problem.get() + " Send valid JSON, or plain text with 'Content-Type: text/plain'.");
        }
        return text;
    }

    private static String jsonOrWrapped(String text) {
        return jsonProblem(text).isEmpty() ? text : wrapped(text);
    }

    private static String wrapped(String message) {
        return JsonNodeFactory.instance.objectNode().put(FIELD, message).toString();
    }

    private static MessageBody form(Parameters form) {
        if (form.count(FIELD) > 1) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_FORM, "The form has several fields 'message': send one message at a time.");
        }
        String message = form.first(FIELD)
                .orElseThrow(() -> new RequestRejectedException(
                        ProblemType.INVALID_FORM,
                        "The form has no field 'message': send message=…, or JSON with 'Content-Type:"
                                + " application/json'."));
        return new MessageBody(wrapped(message), form);
    }

    /** Why the text is not exactly one JSON value (RFC 8259 §2); empty if it is. */
    private static Optional<String> jsonProblem(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.of("There is no JSON value in the body.");
            }
            parser.skipChildren();
            return parser.nextToken() == null
                    ? Optional.empty()
                    : Optional.of("Something follows the JSON value in the body.");
        } catch (JsonProcessingException e) {
            return Optional.of(locationText(e.getLocation()) + e.getOriginalMessage() + ".");
        } catch (IOException e) {
            throw new IllegalStateException("Reading from memory does not fail.", e);
        }
    }

    private static String locationText(JsonLocation location) {
        return location == null ? "" : "At line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }

    private enum Kind {
        JSON,
        TEXT,
        FORM
    }
}
