package dev.herald.browser;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.herald.Programs;

/**
 * The machine's Chromium, started once for the test classes of a Quarkus profile, which share a class loader and run one
 * after the other. Profiles of a test are closed after it. The program is the one named by the system property {@value
 * #PROPERTY}, else the first of the usual names in the {@code PATH}.
 */
public final class Chromium implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final String PROPERTY = "herald.test.chromium";
    /** The headless shell first: it has no browser window, whose own pages cost most of the time of a new tab. */
    private static final String[] NAMES = {
        "chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome"
    };

    private static final String MISSING = "There is no Chromium in the PATH (" + String.join(", ", NAMES) + "), and -D"
            + PROPERTY + " names none: nothing was tried in a browser.";

    /** No sandbox, since containers do not allow one; no background traffic of the browser. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** Playwright's process of the class loader that ran last. */
    private static final String DRIVER = Chromium.class.getName();

    /** Of this class loader. */
    private static Browser shared;

    private final List<BrowserContext> contexts = new ArrayList<>();
    private Browser browser;

    /** New empty profile that accepts the tests' self-signed certificates. */
    public BrowserContext profile() {
        return profile(new Browser.NewContextOptions());
    }

    /** New empty profile. */
    public BrowserContext profile(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setIgnoreHTTPSErrors(true));
        contexts.add(context);
        return context;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            Programs.reportSkipped(context.getDisplayName(), MISSING);
            return;
        }
        if (shared == null) {
            ExtensionContext.Store store = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
            ProcessHandle last = store.remove(DRIVER, ProcessHandle.class);
            if (last != null) {
                last.destroy();
            }
            Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());
            shared = launch(program.get());
            ProcessHandle.current()
                    .children()
                    .filter(child -> !others.contains(child))
                    .findFirst()
                    .ifPresent(driver -> store.put(DRIVER, driver));
        }
        browser = shared;
    }

    /** The driver ends with this process, and with it the browser. */
    private static Browser launch(Path program) {
        // Otherwise Playwright would download browsers.
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(ChatPage.DEADLINE_MILLIS);
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setHeadless(true)
                        .setArgs(ARGUMENTS));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Assumptions.assumeTrue(browser != null, "SKIPPED: " + MISSING);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
    }

    private static Optional<Path> program() {
        String given = System.getProperty(PROPERTY);
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        return Programs.find(NAMES);
    }
}
