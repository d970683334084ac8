package dev.herald.fuzz;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes of one input, consumed from the start. Each byte sequence is valid. Not thread-safe. */
public final class FuzzInput {
    private static final byte SEPARATOR = '\n';

    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A number from 0, inclusive, to the bound, exclusive; 0 at the end. */
    public int number(int bound) {
        return at < bytes.length ? (bytes[at++] & 0xff) % bound : 0;
    }

    /** The remaining bytes. */
    public byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    /** The remaining bytes as text, one character a byte. */
    public String latin1() {
        return new String(rest(), StandardCharsets.ISO_8859_1);
    }

    /** The remaining bytes as UTF-8; U+FFFD replaces what is not. */
    public String text() {
        return new String(rest(), StandardCharsets.UTF_8);
    }

    /** The bytes up to the next line feed, which is consumed, as UTF-8. */
    public String line() {
        return line(StandardCharsets.UTF_8);
    }

    /** As {@link #line()} in this charset. */
    public String line(Charset charset) {
        int end = at;
        while (end < bytes.length && bytes[end] != SEPARATOR) {
            end++;
        }
        String line = new String(bytes, at, end - at, charset);
        at = Math.min(bytes.length, end + 1);
        return line;
    }

    /** The remaining lines, one character a byte; at least one. */
    public List<String> latin1Lines() {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(line(StandardCharsets.ISO_8859_1));
        } while (at < bytes.length);
        return lines;
    }
}
