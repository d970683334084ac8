package dev.herald.ops.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** The file of alert rules, parsed strictly: unknown and repeated fields are rejected. Immutable. */
record AlertRules(List<Group> groups) {
    static final Path FILE = Path.of("src", "main", "prometheus", "alerts.yml");

    record Group(String name, List<Rule> rules) {}

    /** @param pending time for which the expression must hold; null for none */
    record Rule(
            String alert,
            String expr,
            @JsonProperty("for") String pending,
            Map<String, String> labels,
            Map<String, String> annotations) {}

    /** All rules of the file. */
    static List<Rule> read() throws IOException {
        ObjectMapper strict = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build();
        return strict.readValue(FILE.toFile(), AlertRules.class).groups().stream()
                .flatMap(group -> group.rules().stream())
                .toList();
    }
}
