package dev.herald.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Parser of {@code Accept-Encoding} (RFC 9110 §12.5.3). The one in Vert.x reads only the first header line and accepts
 * no tabs. It treats a space before a weight as part of the name, and so would miss {@code q=0}.
 */
final class AcceptEncoding {
    private static final String ANY = "*";
    private static final String IDENTITY = "identity";
    private static final String WEIGHT = "q=";

    private final Map<String, Float> weights = new HashMap<>();

    /** @param fields the values of the header, a line each; may be empty */
    AcceptEncoding(List<String> fields) {
        fields.stream().flatMap(field -> Stream.of(field.split(","))).forEach(this::add);
    }

    private void add(String element) {
        String[] parts = element.toLowerCase(Locale.ROOT).split(";", -1);
        float weight = Stream.of(parts)
                .skip(1)
                .map(String::strip)
                .filter(part -> part.startsWith(WEIGHT))
                .map(part -> number(part.substring(WEIGHT.length())))
                .findFirst()
                .orElse(1f);
        // For a duplicate the lower weight is used: every client can read uncoded bytes.
        weights.merge(parts[0].strip(), weight, Float::min);
    }

    private static float number(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }

    /** Whether the client accepts this coding with a weight not below that of identity. */
    boolean prefers(String coding) {
        return weight(coding) > 0 && weight(coding) >= weight(IDENTITY);
    }

    private float weight(String coding) {
        return weights.getOrDefault(coding, weights.getOrDefault(ANY, 0f));
    }
}
