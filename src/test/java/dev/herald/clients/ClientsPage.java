package dev.herald.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.herald.docs.Page;

import static org.assertj.core.api.Assertions.assertThat;

/** Code of the page on clients, {@code src/docs/clients.md}. */
final class ClientsPage {
    static final Page PAGE = Page.read(Page.DIRECTORY.resolve("clients.md"));

    private static final Path LISTS = Path.of("src", "test");

    private ClientsPage() {}

    /** Libraries and their versions that the tests run, as the page names them. */
    static List<String> testedVersions() throws IOException {
        return List.of(
                version("`eventsource` ", "node/package.json", "\"eventsource\": \"(.+)\""),
                version("`@microsoft/fetch-event-source` ", "node/package.json", "fetch-event-source\": \"(.+)\""),
                version("`okhttp-sse` ", "clients/java/pom.xml", "<okhttp-sse.version>(.+)<"),
                version("Spring ", "clients/java/pom.xml", "<spring.version>(.+)<"),
                version("Jersey ", "clients/java/pom.xml", "<jersey.version>(.+)<"),
                version("Quarkus ", "clients/java/pom.xml", "<quarkus.version>(.+)<"),
                version("`httpx-sse` ", "clients/python/requirements.txt", "httpx-sse==(.+)"));
    }

    private static String version(String library, String list, String pattern) throws IOException {
        Matcher version = Pattern.compile(pattern).matcher(Files.readString(LISTS.resolve(list)));
        assertThat(version.find()).as(library).isTrue();
        return library + version.group(1);
    }

    /** The code block in a language below a heading. */
    static String code(String heading, String language) {
        Matcher section = Pattern.compile(
                        "^## " + Pattern.quote(heading) + "$(.*?)(?=^## |\\z)", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(PAGE.text());
        assertThat(section.find()).as(heading).isTrue();
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(section.group(1));
        assertThat(block.find()).as("%s of %s", language, heading).isTrue();
        return block.group(1);
    }

    /**
     * The same code with another hub and topic. Nothing else is changed.
     *
     * @param topic unescaped, with characters only that a query may have
     */
    static String code(String heading, String language, String origin, String topic) {
        String code = code(heading, language);
        assertThat(code).contains("http://localhost:8080");
        return code.replace("http://localhost:8080", origin).replace("topic=news", "topic=" + topic);
    }
}
