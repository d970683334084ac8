package dev.herald.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of requirements on every view: size, accessibility, layout stability, loading and navigation. */
@QuarkusTest
@TestProfile(QuickRetry.class)
class ViewRequirementsTest {
    private static final int MOST_BYTES = 100_000;

    /** A browser has six concurrent requests over HTTP/1.1. */
    private static final int MOST_REQUESTS = 27;

    private static final Path MODULES = Path.of("src", "main", "resources", "META-INF", "resources", "page");

    /** Matches static imports, not dynamic ones. */
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .* from '\\./([\\w-]+)\\.js';$");

    /** Limit of a good Cumulative Layout Shift (web.dev). */
    private static final double MOST_SHIFT = 0.1;

    /** Sum of all unexpected layout shifts since the page was opened. */
    private static final String COUNT_SHIFTS = """
            window.shifts = [];
            new PerformanceObserver(list => shifts.push(...list.getEntries().filter(entry => !entry.hadRecentInput)))
              .observe({ type: 'layout-shift', buffered: true });
            """;

    /** From a phone to a wall display; 640 is 1280 at 200% zoom. */
    private static final Map<Integer, Integer> SIZES = Map.of(320, 640, 360, 740, 640, 400, 1280, 800, 3840, 2160);

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource("/")
    URL address;

    private final String topic = "views-" + UUID.randomUUID();

    private ViewsPage open(String view) {
        BrowserContext profile = CHROMIUM.profile();
        profile.addInitScript(COUNT_SHIFTS);
        return ViewsPage.open(profile, address + "?topic=" + topic, view);
    }

    /** Fills a view with its content. */
    private void fill(ViewsPage page, String view) {
        Publisher publisher = new Publisher(address, topic);
        switch (view) {
            case "chat" -> {
                page.awaitStatus("Live");
                page.chat().send("hello");
                page.chat().awaitLines("message: hello");
            }
            case "watch" -> {
                page.watch(topic);
                IntStream.range(0, 30).forEach(number -> publisher.publishUpdate("{\"number\":" + number + "}"));
                page.rows("\"number\":29").click();
                page.tab().getByText("Raw frame").click();
            }
            case "send" -> {
                page.field("Data").fill("hello");
                page.sendAndAwait("Accepted after ");
            }
            case "copy" -> page.copyAs("Java");
            case "token" -> {
                page.field("Token (JWT)").fill(token());
                page.button("Verify with the hub").click();
                assertThat(page.tab().locator("#token-result .accepted")).hasCount(2);
            }
            case "figures" -> {
                page.awaitStatus("Live");
                publisher.publishUpdate("counted");
            }
            default -> throw new IllegalArgumentException(view);
        }
    }

    private static String token() {
        return TokenMint.wellKnown()
                .token("{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]},\"exp\":4102444800}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "watch", "send", "copy", "token", "figures"})
    void viewIsSmallAccessibleStableAndWithoutConsoleErrors(String view) {
        ViewsPage page = open(view);
        assertThat(bytes(page.tab())).isBetween(10_000, MOST_BYTES);
        assertThat(violations(page)).as("accessibility violations while empty").isEmpty();

        fill(page, view);

        assertThat(shift(page.tab())).as("cumulative layout shift").isLessThan(MOST_SHIFT);
        SIZES.forEach((width, height) -> {
            page.tab().setViewportSize(width, height);
            page.tab().waitForCondition(() ->
                    (boolean) page.tab().evaluate("document.documentElement.scrollWidth <= innerWidth"));
        });
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.tab().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : List.of(360, 1280)) {
                page.tab().setViewportSize(width, SIZES.get(width));
                assertThat(violations(page))
                        .as("accessibility violations, %s, %s px", scheme, width)
                        .isEmpty();
            }
        }
        // The check of a token is rejected on purpose, and a browser logs that.
        assertThat(page.errors()).allMatch(error -> error.contains("status of 400"));
    }

    /** Accessibility violations of all severities. */
    private static List<String> violations(ViewsPage page) {
        return new AxeBuilder(page.tab())
                .setLegacyMode(true).analyze().getViolations().stream()
                        .map(rule -> rule.getId() + " " + rule.getNodes())
                        .toList();
    }

    private static int bytes(Page tab) {
        return (int) tab.evaluate("""
                performance.getEntries()
                  .filter(entry => entry.entryType === 'navigation' || /\\/page\\/|\\/herald\\.js$/.test(entry.name))
                  .reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0)""");
    }

    private static double shift(Page tab) {
        return ((Number) tab.evaluate("shifts.reduce((sum, entry) => sum + entry.value, 0)")).doubleValue();
    }

    /** Without preloading, a browser requests imports only after their module, one round trip per level. */
    @ParameterizedTest
    @ValueSource(strings = {"chat", "watch", "send", "copy", "token", "figures"})
    void requestsExactlyTheModulesOfAViewAtOnce(String view) throws IOException {
        Set<String> needed = new HashSet<>();
        collectImports("herald", needed);
        collectImports(view.equals("token") ? "token-view" : view, needed);
        if (view.equals("copy")) {
            // Whose form has the update.
            collectImports("send", needed);
        }

        ViewsPage page = open(view);

        assertThat(modules(page, "performance.getEntriesByType('resource').map(entry => entry.name)"))
                .as("loaded modules")
                .containsExactlyInAnyOrderElementsOf(needed);
        assertThat(modules(page, "[...document.querySelectorAll('link, script')].map(one => one.href || one.src)"))
                .as("modules requested before any module runs")
                .containsAll(needed);
        assertThat(page.tab().locator("link[rel=modulepreload][href='herald.js']"))
                .hasCount(1);
        assertThat(requests(page, view)).as("requests").isLessThanOrEqualTo(MOST_REQUESTS);
        assertThat(page.errors()).isEmpty();
    }

    /** The code to copy connects without it. */
    @Test
    void connectsByTheClientOfApplicationsOnly() throws IOException {
        Pattern connection = Pattern.compile("\\bfetch\\(|EventSource|WebSocket|XMLHttpRequest|sendBeacon");
        try (Stream<Path> modules = Files.list(MODULES)) {
            List<String> connecting = modules.filter(file -> file.toString().endsWith(".js"))
                    .filter(file -> connection.matcher(read(file)).find())
                    .map(file -> file.getFileName().toString())
                    .toList();

            assertThat(connecting).containsExactlyInAnyOrder("publishing.js", "subscribing.js");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Number of requests of a page, or of another one if there are too many: under load, Chromium repeats some. */
    private int requests(ViewsPage page, String view) {
        int requests = requests(page);
        for (int i = 0; i < 3 && requests > MOST_REQUESTS; i++) {
            requests = requests(open(view));
        }
        return requests;
    }

    private static int requests(ViewsPage page) {
        return (int) page.tab().evaluate("performance.getEntriesByType('resource').length + 1");
    }

    private static void collectImports(String module, Set<String> found) throws IOException {
        if (found.add(module)) {
            Matcher imports = IMPORT.matcher(Files.readString(MODULES.resolve(module + ".js")));
            while (imports.find()) {
                collectImports(imports.group(1), found);
            }
        }
    }

    /** Names of the modules among these addresses. */
    private static Set<String> modules(ViewsPage page, String addresses) {
        Object names = page.tab()
                .evaluate(addresses + ".flatMap(address => /page\\/([\\w-]+)\\.js$/.exec(address)?.[1] ?? [])");
        return ((List<?>) names).stream().map(String.class::cast).collect(Collectors.toSet());
    }

    @Test
    void switchingViewsKeepsTheirContent() {
        ViewsPage page = open("send");
        page.field("Data").fill("not yet sent");
        page.go("watch");
        page.watch(topic);

        page.go("figures");
        page.tab().goBack();
        assertThat(page.tab().locator("#watch-view")).isVisible();
        page.go("send");

        assertThat(page.field("Data")).hasValue("not yet sent");
    }

    @Test
    void showsARemedyWhenAViewCannotBeLoaded() {
        ViewsPage page = open("send");
        page.tab().route("**/page/figures.js", route -> route.abort());

        page.tab().locator("#views a[href='#figures']").click();

        page.awaitStatus("This view could not be loaded. Reload the page when the hub is available.");
    }
}
