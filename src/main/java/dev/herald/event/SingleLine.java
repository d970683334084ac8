package dev.herald.event;

import java.nio.charset.StandardCharsets;

/**
 * The rule for text that stands on one line of an event stream (PROTOCOL E3, M12): not empty, well-formed, without
 * control (C0, DEL, C1) or format characters (Cf), and bounded in UTF-8 bytes. A value that passed cannot smuggle a
 * second field into the stream.
 */
final class SingleLine {
    private SingleLine() {}

    /**
     * Returns {@code value} if it keeps the rule.
     *
     * @param field what the sender calls it, for the message
     * @param maxBytes the longest accepted UTF-8 encoding, inclusive
     * @throws InvalidFieldException if it does not
     */
    static String check(String field, String value, int maxBytes) {
        if (value.isEmpty()) {
            throw new InvalidFieldException(field, "is empty: give it a value or leave it out.");
        }
        if (value.length() > maxBytes || value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new InvalidFieldException(
                    field, "is too long: at most " + maxBytes + " bytes of UTF-8 are accepted.");
        }
        value.codePoints().forEach(character -> checkCharacter(field, character));
        return value;
    }

    private static void checkCharacter(String field, int character) {
        switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT ->
                throw new InvalidFieldException(
                        field, String.format("holds the control or format character U+%04X: remove it.", character));
            case Character.SURROGATE ->
                throw new InvalidFieldException(
                        field, "is not well-formed Unicode: it holds half of a surrogate pair.");
            default -> {
                // Any other character may stand on a line.
            }
        }
    }
}
