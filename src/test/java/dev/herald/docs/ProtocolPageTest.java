package dev.herald.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The protocol page has each clause that code, tests and documents cite. Each clause has a test whose name begins with
 * its number, without exception.
 */
class ProtocolPageTest {
    private static final Path FILE = Page.DIRECTORY.resolve("protocol.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern CITING = Pattern.compile(".*\\.(java|js|mjs|md|properties)");
    private static final Pattern CLAUSE = Pattern.compile("^- \\*\\*([QEM]\\d{1,2})\\*\\* ", Pattern.MULTILINE);
    private static final Pattern TEST_NAME = Pattern.compile("void ([qem]\\d{1,2})[A-Z]\\w*\\(");
    private static final String RESERVED = "## Reserved numbers";

    /** Numbers of the clauses, in the page's order. */
    private static List<String> clauses() {
        return CLAUSE.matcher(Page.read(FILE).text())
                .results()
                .map(clause -> clause.group(1))
                .toList();
    }

    /** Files that may cite clauses, the page excepted. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> CITING.matcher(file.toString()).matches())
                    .filter(file -> !file.equals(FILE))
                    .toList();
        }
    }

    /** What is found in the files, each with the name of its file. */
    private static Set<String> found(Function<Citations, List<String>> search, Set<String> known) throws IOException {
        return files(Path.of("src")).stream()
                .flatMap(file -> search.apply(Citations.in(file)).stream()
                        .filter(clause -> !known.contains(clause))
                        .map(clause -> clause + " in " + file))
                .collect(Collectors.toSet());
    }

    @Test
    void everyClauseIsListedOnce() {
        assertThat(clauses()).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void everyCitedClauseIsOnThePage() throws IOException {
        assertThat(found(Citations::cited, Set.of())).hasSizeGreaterThan(100);
        assertThat(found(Citations::cited, Set.copyOf(clauses()))).isEmpty();
    }

    @Test
    void everyCitationNamesTheProtocol() throws IOException {
        assertThat(found(Citations::uncited, Set.of())).isEmpty();
    }

    @Test
    void everyClauseHasATestNamedAfterIt() throws IOException {
        Set<String> named = files(TESTS).stream()
                .flatMap(file -> TEST_NAME.matcher(Page.read(file).text()).results())
                .map(name -> name.group(1).toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());

        assertThat(named).containsExactlyInAnyOrderElementsOf(clauses());
    }

    @Test
    void reservedNumbersAreNoClauses() {
        String[] parts = Page.read(FILE).text().split(RESERVED);
        List<String> reserved = Citations.of(parts[1], false).uncited();

        assertThat(reserved).isNotEmpty().doesNotContainAnyElementsOf(clauses());
        assertThat(clauses()).containsAll(Citations.of(parts[0], false).uncited());
    }

    @Test
    void citationsAreFoundAcrossLinesAndRanges() {
        Citations prose = Citations.of("Fields (PROTOCOL\n * M10–M13,\n * Q13 and E4), %E2, a/M1, Q99", false);

        assertThat(prose.cited()).containsExactly("M10", "M13", "Q13", "E4");
        assertThat(prose.uncited()).containsExactly("Q99");
    }
}
