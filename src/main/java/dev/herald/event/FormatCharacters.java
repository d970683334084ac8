package dev.herald.event;

/**
 * Allowlist of the format characters (Unicode category Cf) in names. Most of the category is invisible or changes the
 * display order, so that one name looks like another. Rejected are bidirectional controls (PROTOCOL M12), soft hyphen,
 * zero width space, word joiner and byte order mark. Allowed are characters that a script or an emoji needs: ZWNJ and
 * ZWJ, the Mongolian vowel separator, visible signs, and tags in the flag of a region (UTS 51, emoji tag sequence).
 */
final class FormatCharacters {
    /** State of {@link #afterTag} outside of a flag; inside, it is the number of tags so far. */
    static final int NO_FLAG = -1;

    private static final int BLACK_FLAG = 0x1F3F4;
    private static final int FIRST_TAG = 0xE0020;
    private static final int CANCEL_TAG = 0xE007F;

    private FormatCharacters() {}

    /** Whether names may contain this character, of category Cf and not a tag. */
    static boolean accepts(int character) {
        return switch (character) {
            // ZWNJ and ZWJ are letters of names in Persian, Hindi and emoji; the third is one in Mongolian.
            case 0x200C, 0x200D, 0x180E -> true;
            // Visible signs before Arabic, Syriac and Kaithi digits, and the end of a verse.
            case 0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD -> true;
            default -> false;
        };
    }

    static boolean isTag(int character) {
        return character >= FIRST_TAG && character <= CANCEL_TAG;
    }

    /**
     * State after one more character: a flag accepts tags until the last one ends it.
     *
     * @return {@link #NO_FLAG}, or the number of tags of the flag so far
     */
    static int afterTag(int tags, int character) {
        if (character == BLACK_FLAG) {
            return 0;
        }
        return tags < 0 || !isTag(character) || character == CANCEL_TAG ? NO_FLAG : tags + 1;
    }

    /** Whether a character may follow this many tags: tags start after the flag, and a flag must be complete. */
    static boolean follows(int tags, int character) {
        return switch (tags) {
            case NO_FLAG -> !isTag(character);
            case 0 -> character != CANCEL_TAG;
            default -> isTag(character);
        };
    }
}
