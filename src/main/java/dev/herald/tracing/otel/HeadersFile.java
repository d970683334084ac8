package dev.herald.tracing.otel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * File with headers for the collector, one {@code name: value} a line. Read for each export, on the exporter's thread;
 * while it cannot be read, the headers of the last time are sent. Lines that are no headers are skipped.
 */
final class HeadersFile implements Supplier<Map<String, String>> {
    private static final int MAX_BYTES = 16 << 10;
    private static final Pattern LINE =
            Pattern.compile("\\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\\s*:\\s*([\\x20-\\x7e\\t]*?)\\s*");

    private final Path path;
    private volatile Map<String, String> last = Map.of();

    HeadersFile(Path path) {
        this.path = path;
    }

    @Override
    public Map<String, String> get() {
        try (InputStream file = Files.newInputStream(path)) {
            last = parse(new String(file.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The collector rejects the export if the old ones are not valid any more, which is reported.
        }
        return last;
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        text.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> headers.put(line.group(1), line.group(2)));
        return headers;
    }
}
