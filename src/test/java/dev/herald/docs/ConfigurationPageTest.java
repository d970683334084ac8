package dev.herald.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import dev.herald.settings.Schema;
import dev.herald.settings.Setting;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of settings is that of the code, and the other pages name no other settings. */
class ConfigurationPageTest {
    private static final Pattern KEY = Pattern.compile("(herald(?:\\.[a-z-]+)+)(?:=.*)?");

    /** Files of the log directory, which are named like keys. */
    private static final List<String> FILES = List.of("herald.db", "herald.db-wal", "herald.head", "herald.js");

    private static final List<String> KEYS = Schema.of(ConfigurationPage.interfaces()).settings().stream()
            .map(Setting::key)
            .toList();

    /** With {@code -Dconfiguration.page=write}, writes the page instead. */
    @Test
    void pageIsThatOfTheCode() throws IOException {
        String page = Page.read(ConfigurationPage.FILE).text();

        String made = new ConfigurationPage().madeAnew(page);

        if ("write".equals(System.getProperty("configuration.page"))) {
            Files.writeString(ConfigurationPage.FILE, made);
        } else {
            assertThat(page)
                    .as(
                            "%s differs from the Javadoc of the *Config interfaces: make it anew with './mvnw test"
                                    + " -Dtest=ConfigurationPageTest -Dconfiguration.page=write'",
                            ConfigurationPage.FILE)
                    .isEqualTo(made);
        }
    }

    @Test
    void everyKeyIsListedOnce() {
        assertThat(Page.read(ConfigurationPage.FILE).rows("Key").stream()
                        .map(cells -> Page.codeSpans(cells.get(0)).get(0)))
                .containsExactlyInAnyOrderElementsOf(KEYS);
    }

    @Test
    void everyKeyThatAPageNamesExists() throws IOException {
        List<String> named = Page.all().stream()
                .filter(page -> !page.isDecision())
                .flatMap(page -> page.codeSpans().stream())
                .map(KEY::matcher)
                .filter(Matcher::matches)
                .map(key -> key.group(1))
                .filter(key -> !FILES.contains(key))
                .toList();

        assertThat(named).isNotEmpty().isSubsetOf(KEYS);
    }
}
