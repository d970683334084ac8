package dev.herald.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Relative links of README.md and of the pages below {@code src/docs}: the file exists, and has the anchor. */
class LinksTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final int FIRST_SCREEN_LINES = 20;

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void relativeLinksResolve(Page page) {
        List<String> broken = page.relativeLinks().stream()
                .flatMap(link -> fault(page, link).map(fault -> link + ": " + fault).stream())
                .toList();

        assertThat(broken).as("broken links of %s", page).isEmpty();
    }

    /** Also shows that links are found at all. */
    @Test
    void readmeLinksToEveryPage() throws IOException {
        Stream<Path> linked =
                Page.read(Page.README).relativeLinks().stream().map(link -> Path.of(link.split("#", 2)[0]));
        List<Path> pages = Page.all().stream()
                .filter(page -> !page.isDecision() && !page.path().equals(Page.README))
                .map(Page::path)
                .toList();

        assertThat(linked).containsAll(pages);
    }

    @Test
    void readmeShowsTheTwoCommandsOnTheFirstScreen() {
        List<String> lines =
                Page.read(Page.README).text().lines().limit(FIRST_SCREEN_LINES).toList();

        assertThat(lines)
                .anyMatch(line -> line.startsWith("./mvnw quarkus:dev "))
                .anyMatch(line -> line.startsWith("./mvnw verify "));
    }

    @Test
    void missingFileIsReported() {
        Page page = new Page(Page.README, "See [the API](src/docs/missing.md).");

        assertThat(page.relativeLinks()).singleElement().satisfies(link -> assertThat(fault(page, link))
                .hasValue("no such file"));
    }

    @Test
    void missingAnchorIsReported() {
        Page page =
                new Page(Page.README, "# A heading: `code`, twice\n\n[one](#a-heading-code-twice) [two](#a-heading)\n");

        assertThat(page.relativeLinks()).hasSize(2);
        assertThat(fault(page, "#a-heading-code-twice")).isEmpty();
        assertThat(fault(page, "#a-heading")).hasValue("no such anchor");
    }

    private static Optional<String> fault(Page page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.path()
                : page.path().resolveSibling(parts[0]).normalize();
        if (!target.toAbsolutePath().normalize().startsWith(ROOT)) {
            return Optional.of("outside of the repository");
        }
        if (!Files.exists(target)) {
            return Optional.of("no such file");
        }
        boolean samePage = target.equals(page.path());
        if (parts.length == 2
                && !(samePage ? page : Page.read(target)).anchors().contains(parts[1])) {
            return Optional.of("no such anchor");
        }
        return Optional.empty();
    }
}
