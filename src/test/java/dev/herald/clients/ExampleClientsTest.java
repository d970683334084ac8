package dev.herald.clients;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.Programs;
import dev.herald.browser.Chromium;
import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests that run the examples of the page on clients, taken from the page. Each example receives all updates once and in
 * order: through cuts within an event, behind its id, cuts between events, and errors of a gateway. All examples run at
 * once, since most of the time passes while they wait to reconnect.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ExampleClientsTest {
    private static final String CUT = "<cut>";
    private static final String LARGE = "a word and ".repeat(40_000);

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private final Updates updates = Updates.privateOnes();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** A running example behind its own proxy. */
    private interface Listener {
        CuttableProxy proxy();

        /** Waits for the first block. */
        void awaitLive();

        /** Waits until this many updates have arrived. */
        void await(int count);

        /** Data of all updates so far. */
        List<String> data();
    }

    private CuttableProxy proxy() throws IOException {
        CuttableProxy proxy = new CuttableProxy(HubClient.port());
        open.add(proxy);
        return proxy;
    }

    private void assertReceiveAllOnceInOrder(List<Listener> listeners) {
        CuttableProxy[] proxies = listeners.stream().map(Listener::proxy).toArray(CuttableProxy[]::new);
        listeners.forEach(Listener::awaitLive);
        publishAndAwait("the first", listeners);

        Stream.of(proxies).forEach(proxy -> proxy.cutWithin(CUT));
        updates.publish("begin " + CUT + " end");
        awaitRejections(proxies);
        publishAndAwait("after a cut within an event", listeners);

        updates.publishThroughCuts(proxies);
        publishAndAwait("after cuts between events", listeners);

        Stream.of(proxies).forEach(proxy -> proxy.answer(502));
        updates.publish("during an error of the gateway");
        awaitRejections(proxies);
        Stream.of(proxies).forEach(CuttableProxy::restore);
        publishAndAwait(LARGE, listeners);

        assertThat(listeners)
                .allSatisfy(listener ->
                        assertThat(listener.data()).as(listener.toString()).isEqualTo(updates.data()));
    }

    private void publishAndAwait(String data, List<Listener> listeners) {
        updates.publish(data);
        listeners.forEach(listener -> listener.await(updates.data().size()));
    }

    private static void awaitRejections(CuttableProxy... proxies) {
        Stream.of(proxies).forEach(proxy -> eventually().until(() -> proxy.rejected() > 0));
    }

    @Test
    void programsReceiveAllOnceInOrder() throws Exception {
        List<Listener> listeners = new ArrayList<>();
        for (ExampleProgram example : ExampleProgram.values()) {
            if (runsHere(example)) {
                listeners.add(program(example));
            }
        }

        assertReceiveAllOnceInOrder(listeners);
    }

    /** Reports a missing program or library. */
    private static boolean runsHere(ExampleProgram example) throws IOException {
        Optional<String> missing = example.prepare();
        if (missing.isPresent() && example.isOptional()) {
            System.err.println(missing.get());
        } else {
            missing.ifPresent(reason -> Programs.reportSkipped("ExampleClientsTest for " + example, reason));
        }
        return missing.isEmpty();
    }

    private Listener program(ExampleProgram example) throws IOException {
        CuttableProxy proxy = proxy();
        RunningProgram program = example.start(proxy.origin(), updates.topic(), updates.readersToken());
        open.add(program);
        return new ProgramListener(example, proxy, program);
    }

    @Test
    void pagesInABrowserReceiveAllOnceInOrder() throws Exception {
        // React is one of the packages.
        assumeTrue(runsHere(ExampleProgram.NODE));

        assertReceiveAllOnceInOrder(List.of(plainPage(), reactPage()));
    }

    private Page page(CuttableProxy proxy) {
        BrowserContext profile = CHROMIUM.profile();
        profile.addCookies(List.of(new Cookie("mercureAuthorization", updates.readersToken()).setUrl(proxy.origin())));
        Page page = profile.newPage();
        page.navigate(proxy.page());
        return page;
    }

    private Listener plainPage() throws IOException {
        CuttableProxy proxy = proxy();
        Page page = page(proxy);
        page.evaluate("""
                    () => {
                        window.received = [];
                        console.log = (id, data) => data === '{}' ? (window.live = true) : received.push(data);
                    }""");
        String code = ClientsPage.code("Browser", "js", proxy.origin(), updates.topic());
        page.evaluate("() => {" + code + "}");
        return new PageListener("Browser", proxy, page);
    }

    private Listener reactPage() throws IOException {
        CuttableProxy proxy = proxy();
        Page page = page(proxy);
        ReactExample.run(page, proxy.origin(), updates.topic());
        return new PageListener("React", proxy, page);
    }

    /** The fault that the page reports, and that the example's option {@code fetch} avoids. */
    @Test
    void fetchEventSourceWithItsOwnIdLosesTheEventThatWasCut() throws Exception {
        assumeTrue(runsHere(ExampleProgram.FETCH_EVENT_SOURCE));
        CuttableProxy proxy = proxy();
        RunningProgram program = ExampleProgram.FETCH_EVENT_SOURCE.start(
                proxy.origin(),
                updates.topic(),
                updates.readersToken(),
                code -> code.replace("'last-event-id': lastId, ", ""));
        open.add(program);
        ProgramListener listener = new ProgramListener(ExampleProgram.FETCH_EVENT_SOURCE, proxy, program);
        listener.awaitLive();
        publishAndAwait("before", List.of(listener));
        proxy.cutWithin(CUT);
        updates.publish("begin " + CUT + " end");
        awaitRejections(proxy);

        updates.publish("after");

        eventually().until(() -> listener.data().contains("after"));
        assertThat(listener.data()).containsExactly("before", "after");
    }

    @Test
    void pageNamesTheVersionsThatAreTested() throws IOException {
        assertThat(ClientsPage.PAGE.text()).contains(ClientsPage.testedVersions());
    }

    private record ProgramListener(ExampleProgram example, CuttableProxy proxy, RunningProgram program)
            implements Listener {
        @Override
        public void awaitLive() {
            eventually().until(() -> !program.lines().isEmpty() || !program.isAlive());
            assertThat(program.isAlive()).as("%s runs", example).isTrue();
        }

        @Override
        public void await(int count) {
            eventually()
                    .alias(count + " updates received by " + example)
                    .until(() -> data().size() >= count || !program.isAlive());
        }

        /** A line is the id, a space, and the data. */
        @Override
        public List<String> data() {
            return program.lines().stream()
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .filter(data -> !data.equals("{}"))
                    .toList();
        }

        @Override
        public String toString() {
            return example.name();
        }
    }

    /** For the test's thread, which Playwright requires. */
    private record PageListener(String name, CuttableProxy proxy, Page page) implements Listener {
        private static final Page.WaitForFunctionOptions DEADLINE =
                new Page.WaitForFunctionOptions().setTimeout(Patience.LIMIT.toMillis());

        @Override
        public void awaitLive() {
            page.waitForFunction("window.live", null, DEADLINE);
        }

        @Override
        public void await(int count) {
            page.waitForFunction("count => received.length >= count", count, DEADLINE);
        }

        @Override
        public List<String> data() {
            return ((List<?>) page.evaluate("received"))
                    .stream().map(String.class::cast).toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
