package dev.herald.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finder of the known name that a misspelt one probably means. */
final class Spelling {
    /** A third of the letters may be wrong, and two of a short name. */
    private static final int LETTERS_AN_ERROR = 3;

    private static final int ALWAYS_ALLOWED = 2;

    private Spelling() {}

    /**
     * The nearest known name: by the number of wrong letters, or one with the same end, as for a name without its
     * middle. Empty if none is near.
     *
     * @param misspelt a variable such as {@code HERALD_SSE_HARTBEAT}
     * @param known variables
     */
    static Optional<String> nearest(String misspelt, Collection<String> known) {
        String name = withoutPrefix(misspelt);
        int allowed = Math.max(ALWAYS_ALLOWED, name.length() / LETTERS_AN_ERROR);
        return known.stream()
                .filter(candidate -> candidate.endsWith("_" + name))
                .min(Comparator.comparingInt(String::length))
                .or(() -> known.stream()
                        .filter(candidate -> distance(name, withoutPrefix(candidate)) <= allowed)
                        .min(Comparator.comparingInt((String candidate) -> distance(name, withoutPrefix(candidate)))));
    }

    private static String withoutPrefix(String variable) {
        return variable.startsWith(Variables.PREFIX) ? variable.substring(Variables.PREFIX.length()) : variable;
    }

    /** Levenshtein distance: the least number of letters to insert, delete or replace. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
