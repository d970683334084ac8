package dev.herald.docs;

import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The API page lists each problem type with its status. */
class ProblemsTableTest {
    private static final Page PAGE = Page.read(Page.DIRECTORY.resolve("api.md"));

    @Test
    void everyProblemTypeIsListedWithItsStatus() throws Exception {
        Map<String, String> listed = PAGE.rows("Type").stream()
                .flatMap(cells -> Page.codeSpans(cells.get(0)).stream().map(type -> Map.entry(type, cells.get(1))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(listed).isEqualTo(ProblemTypes.statusByName());
    }
}
