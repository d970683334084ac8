package dev.herald.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prose of one file, in which clauses of the protocol are cited: the comments of code, the whole text of other files.
 * Immutable.
 *
 * @param prose without line breaks and the marks of comments
 */
record Citations(String prose) {
    private static final Pattern CODE = Pattern.compile(".*\\.(java|js|mjs)");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final Pattern LINE_BREAK = Pattern.compile("\\s*\n\\s*(?:\\*(?!/)|//|#)?\\s*");
    private static final String NUMBER = "[QEM]\\d{1,2}(?!\\w)";

    /** A number that is neither part of a word or path, nor a percent-escape. */
    private static final Pattern CLAUSE = Pattern.compile("(?<![%\\w./=-])" + NUMBER);

    /** Such as {@code PROTOCOL M10–M13, Q13}; the numbers of a range are its first and its last. */
    private static final Pattern CITATION =
            Pattern.compile("PROTOCOL " + NUMBER + "(?:(?:–|, and |, | and )" + NUMBER + ")*");

    static Citations in(Path file) {
        try {
            return of(Files.readString(file), CODE.matcher(file.toString()).matches());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Citations of(String text, boolean code) {
        String prose =
                code ? COMMENT.matcher(text).results().map(MatchResult::group).collect(Collectors.joining("\n")) : text;
        return new Citations(LINE_BREAK.matcher(prose).replaceAll(" "));
    }

    /** Numbers of all clauses that are cited. */
    List<String> cited() {
        return CITATION.matcher(prose)
                .results()
                .flatMap(citation -> clauses(citation.group()))
                .toList();
    }

    /** Numbers of all clauses that are named without a citation. */
    List<String> uncited() {
        return clauses(CITATION.matcher(prose).replaceAll("")).toList();
    }

    private static Stream<String> clauses(String text) {
        return CLAUSE.matcher(text).results().map(MatchResult::group);
    }
}
