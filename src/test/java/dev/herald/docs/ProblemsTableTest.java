package dev.herald.docs;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Locale;
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

        assertThat(listed).isEqualTo(types());
    }

    /** Status by type. By reflection, since the type is no API and must be found wherever it lives. */
    private static Map<String, String> types() throws ReflectiveOperationException {
        Class<?> type = MainClasses.stream()
                .filter(found -> found.getSimpleName().equals("ProblemType"))
                .findFirst()
                .orElseThrow()
                .reflect();
        Method status = type.getDeclaredMethod("status");
        status.setAccessible(true);
        Map<String, String> types = new HashMap<>();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
            types.put(name, status.invoke(constant).toString());
        }
        return types;
    }
}
