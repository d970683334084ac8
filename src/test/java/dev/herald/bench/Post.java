package dev.herald.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP/1.1 publishing request, prepared except for its markers.
 *
 * @param bytes the whole request
 * @param markers offsets of the markers, one for each update
 */
record Post(byte[] bytes, List<Integer> markers) {

    /** @param data published data with a {@link Marker#blank()} in it */
    static Post of(String path, String data) {
        return of(path, "application/json", data);
    }

    /**
     * Request with several updates, one a line.
     *
     * @param data published data of each update, JSON with a {@link Marker#blank()} in it
     */
    static Post lines(String topic, String data, int updates) {
        String line = "{\"topic\":\"" + topic + "\",\"data\":" + data + "}\n";
        return of("/updates", "application/x-ndjson", line.repeat(updates));
    }

    private static Post of(String path, String type, String body) {
        String text = "POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        List<Integer> markers = new ArrayList<>();
        for (int at = text.indexOf(Marker.blank()); at >= 0; at = text.indexOf(Marker.blank(), at + Marker.BYTES)) {
            markers.add(at);
        }
        return new Post(text.getBytes(StandardCharsets.US_ASCII), markers);
    }

    /** @param number of the request; its updates have consecutive numbers */
    byte[] marked(long nanos, int publisher, long number) {
        byte[] marked = bytes.clone();
        long next = number * markers.size();
        for (int marker : markers) {
            Marker.write(marked, marker, nanos, publisher, next++);
        }
        return marked;
    }
}
