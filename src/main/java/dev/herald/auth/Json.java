package dev.herald.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Parser of the JSON in tokens: one object with unique names (RFC 7515 §4, RFC 7519 §4), at most 1,000 levels deep. */
final class Json {
    /** Names are untrusted input: they do not enter the tables that Jackson shares between parsers. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Numbers of a payload are written as they were read.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** The JSON object; empty if the bytes are anything else. Jackson would replace what is not UTF-8, and read UTF-16. */
    static Optional<JsonNode> object(byte[] utf8) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return Optional.of(MAPPER.readTree(text.toString())).filter(JsonNode::isObject);
        } catch (IOException | RuntimeException e) {
            // Jackson does not declare all: an exponent that is too long is a NumberFormatException.
            return Optional.empty();
        }
    }

    /** The member of a name; empty if it is missing or null. */
    static Optional<JsonNode> member(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }
}
