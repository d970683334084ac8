package dev.herald.bench;

import java.nio.charset.StandardCharsets;

/**
 * HTTP/1.1 publishing request, prepared except for its marker.
 *
 * @param bytes the whole request
 * @param marker offset of the marker
 */
record Post(byte[] bytes, int marker) {

    /** @param data published data with a {@link Marker#blank()} in it */
    static Post of(String path, String data) {
        String text = "POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                + data.length() + "\r\n\r\n" + data;
        return new Post(text.getBytes(StandardCharsets.US_ASCII), text.indexOf(Marker.blank()));
    }

    byte[] marked(long nanos, int publisher, long number) {
        byte[] marked = bytes.clone();
        Marker.write(marked, marker, nanos, publisher, number);
        return marked;
    }
}
