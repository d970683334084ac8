package dev.herald.ops.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Dashboard for Grafana, parsed strictly: unknown and repeated fields are rejected. Immutable. */
record Dashboard(
        String uid,
        String title,
        String description,
        List<String> tags,
        int schemaVersion,
        int version,
        boolean editable,
        int graphTooltip,
        String refresh,
        Time time,
        String timezone,
        Templating templating,
        List<Panel> panels) {
    private static final Path FILE = Path.of("src", "main", "grafana", "herald.json");

    record Time(String from, String to) {}

    record Templating(List<JsonNode> list) {}

    record Source(String type, String uid) {}

    record Position(int h, int w, int x, int y) {
        boolean overlaps(Position other) {
            return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
        }
    }

    record Target(String refId, String expr, String legendFormat) {}

    record Fields(Defaults defaults, List<JsonNode> overrides) {}

    record Defaults(String unit, Integer min) {}

    record Panel(
            int id,
            String type,
            String title,
            String description,
            Source datasource,
            Fields fieldConfig,
            Boolean collapsed,
            Position gridPos,
            List<Target> targets,
            List<Panel> panels) {

        boolean row() {
            return type.equals("row");
        }
    }

    static Dashboard read() throws IOException {
        ObjectMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build();
        return strict.readValue(FILE.toFile(), Dashboard.class);
    }
}
