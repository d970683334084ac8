package dev.herald.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Incremental parser of an event stream (HTML §9.2.6), byte by byte. Not thread-safe. */
public final class SseParser {
    private final Consumer<Message> onMessage;
    private final Runnable onComment;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean afterCarriageReturn;
    private String type = "";
    private String idBuffer = "";
    private volatile String lastEventId = "";
    private volatile long retryMillis = -1;
    private OptionalLong newRetry = OptionalLong.empty();

    public SseParser(Consumer<Message> onMessage, Runnable onComment) {
        this.onMessage = onMessage;
        this.onComment = onComment;
    }

    String lastEventId() {
        return lastEventId;
    }

    long retryMillis() {
        return retryMillis;
    }

    /** Reconnection time in the lines since the last call, in milliseconds; for the parsing thread only. */
    public OptionalLong takeRetry() {
        OptionalLong taken = newRetry;
        newRetry = OptionalLong.empty();
        return taken;
    }

    /** Parses the next bytes of the stream. */
    public void feed(byte[] bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterCarriageReturn) {
                start = i + 1;
            } else if (b == '\n' || b == '\r') {
                line.write(bytes, start, i - start);
                start = i + 1;
                endOfLine(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
            afterCarriageReturn = b == '\r';
        }
        line.write(bytes, start, bytes.length - start);
    }

    private void endOfLine(String text) {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            onComment.run();
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
            case "retry" -> retry(value);
            default -> {
                // Unknown fields are ignored.
            }
        }
    }

    private void retry(String value) {
        if (value.matches("[0-9]+")) {
            retryMillis = Long.parseLong(value);
            newRetry = OptionalLong.of(retryMillis);
        }
    }

    private void dispatch() {
        lastEventId = idBuffer;
        if (data.length() > 0) {
            data.setLength(data.length() - 1);
            onMessage.accept(new Message(lastEventId, type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        type = "";
    }
}
