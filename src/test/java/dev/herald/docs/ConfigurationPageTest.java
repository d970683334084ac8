package dev.herald.docs;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import org.junit.jupiter.api.Test;

import dev.herald.auth.TokenMint;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of settings lists each key of the {@code @ConfigMapping} interfaces once, with the default of the code. */
class ConfigurationPageTest {
    private static final Page PAGE = Page.read(Page.DIRECTORY.resolve("configuration.md"));
    private static final Path PROPERTIES = Path.of("src", "main", "resources", "application.properties");
    private static final Pattern OF_A_PROFILE = Pattern.compile("%(dev|test)\\.(herald\\..+)");
    private static final Pattern KEY = Pattern.compile("(herald(?:\\.[a-z-]+)+)(?:=.*)?");

    /** Files of the log directory, which are named like keys. */
    private static final List<String> FILES = List.of("herald.db", "herald.db-wal", "herald.head");

    /** End of the key of the elements of a list, which smallrye-config names beside the list itself. */
    private static final String LIST_ELEMENT = "[*]";

    private static final Map<String, Property> SETTINGS = settings();

    private static Map<String, Property> settings() {
        Map<String, Property> settings = new HashMap<>();
        MainClasses.stream()
                .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                .map(type -> ConfigClass.configClass(type.reflect()))
                .forEach(mapping -> settings.putAll(ConfigMappings.getProperties(mapping)));
        settings.keySet().removeIf(key -> key.endsWith(LIST_ELEMENT));
        return settings;
    }

    /** The cells of the column of defaults. */
    private static Map<String, String> defaults() {
        return PAGE.rows("Key").stream()
                .collect(Collectors.toMap(cells -> Page.codeSpans(cells.get(0)).get(0), cells -> cells.get(1)));
    }

    @Test
    void everyKeyIsListedOnce() {
        assertThat(PAGE.rows("Key").stream().map(cells -> cells.get(0).replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(SETTINGS.keySet());
    }

    @Test
    void everyDefaultIsThatOfTheCode() {
        Map<String, String> defaults = defaults();

        SETTINGS.forEach((key, property) -> {
            if (property.hasDefaultValue()) {
                assertThat(defaults.get(key)).as(key).startsWith("`" + property.getDefaultValue() + "`");
            } else {
                assertThat(defaults.get(key)).as(key).isNotEmpty().doesNotStartWith("`");
            }
        });
    }

    @Test
    void everyOtherDefaultOfAProfileIsListed() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(PROPERTIES)) {
            properties.load(reader);
        }
        Map<String, String> defaults = defaults();

        List<Matcher> ofProfiles = properties.stringPropertyNames().stream()
                .map(OF_A_PROFILE::matcher)
                .filter(Matcher::matches)
                .toList();

        assertThat(ofProfiles).isNotEmpty().allSatisfy(name -> assertThat(defaults.get(name.group(2)))
                .as(name.group())
                .contains(listed(properties.getProperty(name.group())))
                .containsPattern("\\b" + name.group(1) + "\\b"));
    }

    /** How the page names a value; the secret of dev and test is not printed in the table. */
    private static String listed(String value) {
        return value.equals(TokenMint.WELL_KNOWN_SECRET) ? "a well-known one" : "`" + value + "`";
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

        assertThat(named).isNotEmpty().isSubsetOf(SETTINGS.keySet());
    }
}
