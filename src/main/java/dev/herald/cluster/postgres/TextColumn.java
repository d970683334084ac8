package dev.herald.cluster.postgres;

/**
 * Coding of any text as a value of a {@code text} column, which cannot have U+0000: that is {@code \0} there, and a
 * backslash is doubled. Stateless.
 */
final class TextColumn {
    private TextColumn() {}

    static String of(String text) {
        return text.replace("\\", "\\\\").replace("\0", "\\0");
    }

    static String parse(String column) {
        StringBuilder text = new StringBuilder(column.length());
        for (int i = 0; i < column.length(); i++) {
            char character = column.charAt(i);
            if (character == '\\' && i + 1 < column.length()) {
                i++;
                text.append(column.charAt(i) == '0' ? '\0' : column.charAt(i));
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }
}
