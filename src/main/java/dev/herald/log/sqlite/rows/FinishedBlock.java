package dev.herald.log.sqlite.rows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventType;

/**
 * Block of an event stream as schema 1 stored events, read back into fields. The line ends of its data are lost: lines
 * are joined by line feeds.
 *
 * @param data in UTF-8
 */
record FinishedBlock(Optional<EventType> type, OptionalLong retryMillis, byte[] data) {
    private static final String TYPE = "event: ";
    private static final String RETRY = "retry: ";
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    /** The fields of a block that the hub encoded. Costs O(length). */
    static FinishedBlock parse(byte[] block) {
        Optional<EventType> type = Optional.empty();
        OptionalLong retry = OptionalLong.empty();
        ByteArrayOutputStream data = new ByteArrayOutputStream(block.length);
        boolean inData = false;
        int end;
        for (int start = 0; start < block.length; start = end + 1) {
            end = lineEnd(block, start);
            if (startsWith(DATA, block, start, end)) {
                if (inData) {
                    data.write('\n');
                }
                inData = true;
                data.write(block, start + DATA.length, end - start - DATA.length);
            } else if (!inData) {
                String line = new String(block, start, end - start, StandardCharsets.UTF_8);
                if (line.startsWith(TYPE)) {
                    type = Optional.of(new EventType(line.substring(TYPE.length())));
                } else if (line.startsWith(RETRY)) {
                    retry = OptionalLong.of(Long.parseLong(line.substring(RETRY.length())));
                }
            }
        }
        return new FinishedBlock(type, retry, data.toByteArray());
    }

    private static int lineEnd(byte[] block, int start) {
        int end = start;
        while (end < block.length && block[end] != '\n') {
            end++;
        }
        return end;
    }

    private static boolean startsWith(byte[] prefix, byte[] block, int start, int end) {
        if (end - start < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (block[start + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
