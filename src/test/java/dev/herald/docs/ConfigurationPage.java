package dev.herald.docs;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;

import dev.herald.auth.TokenMint;
import dev.herald.settings.Schema;
import dev.herald.settings.Setting;

/**
 * The part of the page of settings that is made from the code: a section for each {@code @ConfigMapping} interface,
 * with a row for each of its methods. Types, defaults and ranges are those that the start checks, the text is the
 * Javadoc. A sentence of the Javadoc that begins with "Default:" stands in the column of defaults.
 */
final class ConfigurationPage {
    static final Path FILE = Page.DIRECTORY.resolve("configuration.md");

    private static final String BEGIN =
            "<!-- Made from the Javadoc of the *Config interfaces: ./mvnw test -Dtest=ConfigurationPageTest"
                    + " -Dconfiguration.page=write -->\n";
    private static final String END = "<!-- End of what is made from the Javadoc -->\n";
    private static final Path PROPERTIES = Path.of("src", "main", "resources", "application.properties");
    private static final Pattern OF_A_PROFILE = Pattern.compile("%(dev|test|prod)\\.(herald\\..+)");
    private static final Pattern DEFAULT = Pattern.compile("(.*?) ?Default: (.+)\\.");
    private static final Pattern HEADING_END = Pattern.compile("[:.(]");

    private final Properties properties = new Properties();

    ConfigurationPage() throws IOException {
        try (Reader reader = Files.newBufferedReader(PROPERTIES)) {
            properties.load(reader);
        }
    }

    static List<Class<?>> interfaces() {
        return MainClasses.stream()
                .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                .<Class<?>>map(type -> type.reflect())
                .sorted(Comparator.<Class<?>, String>comparing(
                                type -> type.getAnnotation(ConfigMapping.class).prefix())
                        .thenComparing(Class::getSimpleName))
                .toList();
    }

    /** The page with this part made anew. */
    String madeAnew(String page) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(FILE + " must have the lines '" + BEGIN.strip() + "' and '" + END.strip()
                    + "', between which the settings stand.");
        }
        return page.substring(0, begin + BEGIN.length())
                + interfaces().stream().map(this::section).collect(Collectors.joining("\n", "\n", "\n"))
                + page.substring(end);
    }

    private String section(Class<?> type) {
        JavadocText javadoc = JavadocText.of(type);
        Map<String, Method> methods = methods(type);
        String text = javadoc.ofType(type.getSimpleName());
        String heading = HEADING_END.split(text)[0].strip();
        int firstSentence = text.indexOf(". ");
        String rest = firstSentence < 0 ? "" : text.substring(firstSentence + 2) + "\n\n";
        return "## " + heading + "\n\n" + rest
                + "| Key | Default | Value | Meaning |\n|---|---|---|---|\n"
                + Schema.of(List.of(type)).settings().stream()
                        .map(setting -> row(setting, text(javadoc, methods.get(setting.key()))))
                        .collect(Collectors.joining());
    }

    private static Map<String, Method> methods(Class<?> type) {
        SortedMap<String, Method> methods = new TreeMap<>();
        ConfigMappings.getProperties(ConfigClass.configClass(type))
                .forEach((key, property) -> methods.put(key, property.getMethod()));
        return methods;
    }

    private static String text(JavadocText javadoc, Method method) {
        String text = javadoc.ofMethod(method.getDeclaringClass().getSimpleName(), method.getName());
        if (text.isEmpty()) {
            throw new IllegalStateException(method + " needs Javadoc: it is the text on the page of settings.");
        }
        return text.replace("|", "\\|");
    }

    private String row(Setting setting, String text) {
        Matcher withDefault = DEFAULT.matcher(text);
        boolean documented = withDefault.matches();
        if (setting.defaultValue().isEmpty() && !documented) {
            throw new IllegalStateException("The Javadoc of " + setting.key()
                    + " must end with a sentence 'Default: …', since it has no @WithDefault.");
        }
        String defaultText =
                setting.defaultValue().map(value -> "`" + value + "`").orElseGet(() -> withDefault.group(2));
        return "| `%s`<br>`%s` | %s%s | %s%s | %s |%n"
                .formatted(
                        setting.key(),
                        setting.variable(),
                        defaultText,
                        ofProfiles(setting.key()),
                        setting.notation(),
                        setting.range()
                                .map(range -> ", `" + range.min() + "` to `" + range.max() + "`")
                                .orElse(""),
                        documented && setting.defaultValue().isEmpty() ? withDefault.group(1) : text);
    }

    /** Other defaults in profiles, such as "; `true` in dev and test". */
    private String ofProfiles(String key) {
        SortedMap<String, List<String>> profiles = properties.stringPropertyNames().stream()
                .sorted()
                .map(OF_A_PROFILE::matcher)
                .filter(Matcher::matches)
                .filter(name -> name.group(2).equals(key))
                .collect(Collectors.groupingBy(
                        name -> shown(properties.getProperty(name.group())),
                        TreeMap::new,
                        Collectors.mapping(name -> name.group(1), Collectors.toList())));
        return profiles.entrySet().stream()
                .map(entry -> "; " + entry.getKey() + " in " + String.join(" and ", entry.getValue()))
                .collect(Collectors.joining());
    }

    /** How the page names a value; the secret of dev and test is not printed in the table. */
    private static String shown(String value) {
        return value.equals(TokenMint.WELL_KNOWN_SECRET) ? "a well-known one" : "`" + value + "`";
    }
}
