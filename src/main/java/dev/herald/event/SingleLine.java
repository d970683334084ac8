package dev.herald.event;

import java.nio.charset.StandardCharsets;

/**
 * Validation of text for one line of an event stream (PROTOCOL E3, M12). It must be non-empty, well-formed, and bounded
 * in UTF-8 bytes. It has no control (C0, DEL, C1) characters, and only the format characters that
 * {@link FormatCharacters} allows. So a valid value cannot inject a second field into the stream.
 */
final class SingleLine {
    private SingleLine() {}

    /**
     * Returns {@code value} if it is valid.
     *
     * @param field the sender's name of the field, for the message
     * @param maxBytes longest valid UTF-8 encoding, inclusive
     * @throws InvalidFieldException if it is not
     */
    static String check(String field, String value, int maxBytes) {
        if (value.length() <= maxBytes && isPrintableAscii(value)) {
            return value;
        }
        if (value.isEmpty()) {
            throw new InvalidFieldException(field, "is empty: give it a value or leave it out.");
        }
        if (value.length() > maxBytes || value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new InvalidFieldException(
                    field, "is too long: at most " + maxBytes + " bytes of UTF-8 are accepted.");
        }
        int tags = FormatCharacters.NO_FLAG;
        int character;
        for (int i = 0; i < value.length(); i += Character.charCount(character)) {
            character = value.codePointAt(i);
            checkCharacter(field, character, tags);
            tags = FormatCharacters.afterTag(tags, character);
        }
        if (tags > 0) {
            throw new InvalidFieldException(field, "has a flag without its last tag (U+E007F): complete it.");
        }
        return value;
    }

    /** Shortcut for most values, which are valid without a look at the classes of Unicode; false for an empty one. */
    private static boolean isPrintableAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    private static void checkCharacter(String field, int character, int tags) {
        if (!FormatCharacters.follows(tags, character)) {
            throw FormatCharacters.isTag(character)
                    ? invalidCharacter(field, character)
                    : new InvalidFieldException(field, "has a flag without its last tag (U+E007F): complete it.");
        }
        switch (Character.getType(character)) {
            case Character.CONTROL -> throw invalidCharacter(field, character);
            case Character.FORMAT -> {
                if (!FormatCharacters.isTag(character) && !FormatCharacters.accepts(character)) {
                    throw invalidCharacter(field, character);
                }
            }
            case Character.SURROGATE ->
                throw new InvalidFieldException(
                        field, "is not well-formed Unicode: it contains half of a surrogate pair.");
            default -> {
                // Any other character is valid.
            }
        }
    }

    private static InvalidFieldException invalidCharacter(String field, int character) {
        return new InvalidFieldException(
                field, String.format("contains the control or format character U+%04X: remove it.", character));
    }
}
