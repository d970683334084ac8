package dev.herald.auth;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The JSON of a token: one object, each name once (RFC 7515 §4, RFC 7519 §4), of bounded depth (Jackson's 1,000). */
final class Json {
    /** Names come from strangers: they are not kept in the tables that Jackson shares between parsers. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Numbers of a payload go out as they came in.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** The object, or empty if the bytes are anything else. */
    static Optional<JsonNode> object(byte[] utf8) {
        try {
            return Optional.of(MAPPER.readTree(utf8)).filter(JsonNode::isObject);
        } catch (IOException | RuntimeException e) {
            // Not all is declared: a number with too long an exponent is a NumberFormatException.
            return Optional.empty();
        }
    }

    /** The member of that name, unless it is missing or null. */
    static Optional<JsonNode> member(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }
}
