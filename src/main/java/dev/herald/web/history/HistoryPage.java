package dev.herald.web.history;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

import io.vertx.ext.web.RoutingContext;

import dev.herald.web.AnswerMemory;
import dev.herald.web.AnswerSender;
import dev.herald.web.DirectAnswer;

/**
 * Document with past events: {@code {"events": […], "next": cursor, "gap": bool}}.
 *
 * <p>Its entity tag is a hash of the events and the gap. The cursor is left out: two cursors of one position differ, and
 * the position changes with events that the client may not read. So the tag is a weak one (RFC 9110 §8.8.1).
 */
final class HistoryPage implements DirectAnswer {
    private static final byte[] BEGIN = ascii("{\"events\":[");
    private static final byte[] SEPARATOR = ascii(",\n");
    private static final int TAG_BYTES = 16;

    private final AnswerSender sender;
    private final AnswerMemory memory;
    private final byte[] json;
    private final String tag;

    /**
     * Encodes the document. Costs O(size), so not for event loops.
     *
     * @param next cursor of the end of the chunk
     */
    HistoryPage(Chunk chunk, String next, AnswerSender sender, AnswerMemory memory) {
        this.sender = sender;
        this.memory = memory;
        this.json = json(chunk, ascii("]," + endMembers(next, chunk.gap()) + "}\n"));
        this.tag = tag(chunk);
    }

    /** The members {@code next} and {@code gap}. */
    static String endMembers(String next, boolean gap) {
        return "\"next\":\"" + next + "\",\"gap\":" + gap;
    }

    String tag() {
        return tag;
    }

    @Override
    public void send(RoutingContext context) {
        sender.send(context.request(), json, memory);
    }

    private static byte[] json(Chunk chunk, byte[] end) {
        int separators = SEPARATOR.length * Math.max(0, chunk.events().size() - 1);
        byte[] out = new byte[BEGIN.length + chunk.bytes() + separators + end.length];
        int at = append(BEGIN, out, 0);
        boolean first = true;
        for (byte[] event : chunk.events()) {
            at = first ? at : append(SEPARATOR, out, at);
            at = append(event, out, at);
            first = false;
        }
        append(end, out, at);
        return out;
    }

    private static int append(byte[] bytes, byte[] out, int at) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        return at + bytes.length;
    }

    private static String tag(Chunk chunk) {
        MessageDigest digest = sha256();
        digest.update((byte) (chunk.gap() ? 1 : 0));
        for (byte[] event : chunk.events()) {
            digest.update(event);
            // No object contains a line feed, so different lists never have equal bytes.
            digest.update((byte) '\n');
        }
        byte[] version = Arrays.copyOf(digest.digest(), TAG_BYTES);
        return "W/\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(version) + '"';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
