package dev.herald.web.history;

import java.util.List;

/**
 * Consecutive events of an answer, encoded as JSON objects in UTF-8.
 *
 * @param events must not be modified
 * @param kept number of them that the log keeps; the others are transient
 * @param bytes size of all objects
 * @param reserved heap bytes reserved for it
 * @param through last position considered, inclusive
 * @param gap whether events before or among these are missing
 * @param last whether nothing follows at the moment
 */
record Chunk(List<byte[]> events, int kept, int bytes, long reserved, long through, boolean gap, boolean last) {

    /** The end of an answer without events. */
    static Chunk empty(long through) {
        return new Chunk(List.of(), 0, 0, 0, through, false, true);
    }

    /** Whether there is nothing for the client. */
    boolean isEmpty() {
        return events.isEmpty() && !gap;
    }

    /** This chunk, with a gap before its events. */
    Chunk afterGap() {
        return new Chunk(events, kept, bytes, reserved, through, true, last);
    }

    /** The objects, one a line. */
    byte[] lines() {
        byte[] lines = new byte[bytes + events.size()];
        int at = 0;
        for (byte[] event : events) {
            System.arraycopy(event, 0, lines, at, event.length);
            at += event.length;
            lines[at++] = '\n';
        }
        return lines;
    }
}
