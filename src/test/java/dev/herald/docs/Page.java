package dev.herald.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Markdown page of the documentation, as GitHub reads it. Immutable.
 *
 * @param path relative to the root of the repository
 * @param text the whole page
 */
public record Page(Path path, String text) {
    static final Path README = Path.of("README.md");
    public static final Path DIRECTORY = Path.of("src", "docs");

    private static final Pattern CODE_BLOCK = Pattern.compile("^```.*?^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`\n]+)`");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)]\\(([^()\\s]+)\\)");
    private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N}_ -]");

    /** Reads one page. */
    public static Page read(Path path) {
        try {
            return new Page(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads README.md and all pages below {@code src/docs}, decisions included. */
    public static List<Page> all() throws IOException {
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            return Stream.concat(
                            Stream.of(README),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .map(Page::read)
                    .toList();
        }
    }

    /** Whether the page is a decision: history, which is not changed with the code. */
    public boolean isDecision() {
        return path.startsWith(DIRECTORY.resolve("decisions"));
    }

    private String withoutCodeBlocks() {
        return CODE_BLOCK.matcher(text).replaceAll("");
    }

    /** Contents of the code spans, those of the text and not of code blocks. */
    List<String> codeSpans() {
        return codeSpans(withoutCodeBlocks());
    }

    /** Contents of the code spans of some Markdown. */
    public static List<String> codeSpans(String markdown) {
        return CODE_SPAN.matcher(markdown).results().map(span -> span.group(1)).toList();
    }

    /** Targets of the links and images that have no scheme. */
    List<String> relativeLinks() {
        return LINK.matcher(CODE_SPAN.matcher(withoutCodeBlocks()).replaceAll("code"))
                .results()
                .map(link -> link.group(2))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    /** Anchors of the headings: lower case, without punctuation, a hyphen for each space, a number if one occurs again. */
    public Set<String> anchors() {
        Map<String, Integer> times = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(withoutCodeBlocks());
        headings.results().map(heading -> anchor(heading.group(1))).forEach(anchor -> {
            int before = times.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    private static String anchor(String heading) {
        String plain = LINK.matcher(heading).replaceAll((MatchResult link) -> Matcher.quoteReplacement(link.group(1)));
        return NOT_IN_ANCHOR
                .matcher(plain.toLowerCase(Locale.ROOT))
                .replaceAll("")
                .replace(' ', '-');
    }

    /** Rows of all tables whose first column has this heading, without their headings; each is a list of its cells. */
    public List<List<String>> rows(String firstColumn) {
        return Stream.of(text.split("\n\n+"))
                .filter(block -> block.startsWith("| " + firstColumn + " |"))
                .flatMap(table -> table.lines().skip(2))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
