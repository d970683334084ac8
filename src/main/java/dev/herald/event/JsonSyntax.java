package dev.herald.event;

import java.util.BitSet;

/**
 * Validation of a JSON text (RFC 8259 §2) in UTF-8, without decoding and without a value in memory. A text is exactly
 * one value and white space around it. Nesting and numbers are bounded, so that common parsers can read the text inside
 * of a larger one: Jackson reads 1,000 levels and numbers of 1,000 characters.
 */
final class JsonSyntax {
    /** Most levels of arrays and objects, inclusive; some are left for the JSON around the text. */
    static final int MAX_DEPTH = 990;

    /** Longest number, in characters, inclusive. */
    static final int MAX_NUMBER_LENGTH = 1_000;

    private static final int END = -1;

    private final byte[] text;
    private final int end;
    /** Whether each open level is an object. */
    private final BitSet objects = new BitSet();

    private int depth;
    private int at;

    private JsonSyntax(byte[] text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    /** Whether the range is a JSON text of bounded depth, with numbers of bounded length. Costs O(length). */
    static boolean isText(byte[] utf8, int start, int end) {
        return new JsonSyntax(utf8, start, end).isText();
    }

    private boolean isText() {
        while (beginsValue()) {
            boolean another = false;
            while (!another) {
                int next = next();
                if (depth == 0) {
                    return next == END;
                }
                at++;
                if (next == ',') {
                    another = !inObject() || isName();
                    if (!another) {
                        return false;
                    }
                } else if (next == closing()) {
                    depth--;
                } else {
                    return false;
                }
            }
        }
        return false;
    }

    /** Reads a value as far as its end, or as far as the end of the first scalar or empty one inside of it. */
    private boolean beginsValue() {
        int next = next();
        while (next == '{' || next == '[') {
            if (depth == MAX_DEPTH) {
                return false;
            }
            objects.set(depth++, next == '{');
            at++;
            next = next();
            if (next == closing()) {
                at++;
                depth--;
                return true;
            }
            if (inObject()) {
                if (!isName()) {
                    return false;
                }
                next = next();
            }
        }
        return isScalar(next);
    }

    private boolean inObject() {
        return objects.get(depth - 1);
    }

    private int closing() {
        return inObject() ? '}' : ']';
    }

    private boolean isName() {
        if (next() != '"' || !isString() || next() != ':') {
            return false;
        }
        at++;
        return true;
    }

    private boolean isScalar(int first) {
        return switch (first) {
            case '"' -> isString();
            case 't' -> isWord("true");
            case 'f' -> isWord("false");
            case 'n' -> isWord("null");
            default -> isNumber();
        };
    }

    private boolean isWord(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                return false;
            }
            at++;
        }
        return true;
    }

    private boolean isString() {
        for (at++; at < end; at++) {
            byte b = text[at];
            if (b == '"') {
                at++;
                return true;
            }
            // Bytes of other characters than ASCII are negative.
            if (b >= 0 && b < ' ' || b == '\\' && !isEscape()) {
                return false;
            }
        }
        return false;
    }

    /** Moves to the last character of an escape sequence. */
    private boolean isEscape() {
        at++;
        return switch (peek()) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
            case 'u' -> isFourHexDigits();
            default -> false;
        };
    }

    private boolean isFourHexDigits() {
        for (int i = 0; i < 4; i++) {
            at++;
            int c = peek() | 0x20;
            if (!isDigit(peek()) && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private boolean isNumber() {
        int start = at;
        skip('-');
        if (!skip('0') && !skipDigits()) {
            return false;
        }
        if (skip('.') && !skipDigits()) {
            return false;
        }
        if (skip('e') || skip('E')) {
            if (!skip('-')) {
                skip('+');
            }
            if (!skipDigits()) {
                return false;
            }
        }
        return at - start <= MAX_NUMBER_LENGTH;
    }

    private boolean skip(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    private boolean skipDigits() {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        return at > start;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** The next character that is no white space, without reading it. */
    private int next() {
        int next = peek();
        while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
            at++;
            next = peek();
        }
        return next;
    }

    /** The next byte, without reading it; {@link #END} at the end, another negative number inside of a character. */
    private int peek() {
        return at < end ? text[at] < 0 ? Byte.MIN_VALUE : text[at] : END;
    }
}
