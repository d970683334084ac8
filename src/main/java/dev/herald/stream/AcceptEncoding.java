package dev.herald.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much a client likes which content coding (RFC 9110 §12.5.3). The parser of Vert.x reads the first line of the header
 * only, knows no tabs, and takes a space before a weight for a part of the name, so that it would miss a refusal.
 */
final class AcceptEncoding {
    private static final String ANY = "*";
    private static final String IDENTITY = "identity";
    private static final String WEIGHT = "q=";

    private final Map<String, Float> weights = new HashMap<>();

    /** @param fields the values of the header, a line each; perhaps none */
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
        // Said twice, the refusal counts: bytes as they are can be read by everybody.
        weights.merge(parts[0].strip(), weight, Float::min);
    }

    private static float number(String text) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }

    /** Whether the client takes this coding, and likes it no less than none. */
    boolean prefers(String coding) {
        return weight(coding) > 0 && weight(coding) >= weight(IDENTITY);
    }

    private float weight(String coding) {
        return weights.getOrDefault(coding, weights.getOrDefault(ANY, 0f));
    }
}
