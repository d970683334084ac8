package dev.herald.clients;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.browser.Chromium;
import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@code herald.js} in tabs of one origin, which share a connection: in a worker, or in one of the tabs. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class SharedConnectionTest {
    /** More than the six connections of HTTP/1.1 that a browser opens to a host. */
    private static final int TABS = 20;

    private static final int MANY_TABS = 8;
    private static final int SOME_TABS = 4;
    private static final int RANDOM_STEPS = 25;
    private static final String FREEZE = "document.dispatchEvent(new Event('freeze'));";
    private static final String RESUME = "document.dispatchEvent(new Event('resume'));";
    private static final Map<String, Object> READER = Tabs.withTokens(3_600, "reader");

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final Updates updates = Updates.privateOnes();
    private CuttableProxy proxy;
    private Tabs tabs;
    private BrowserContext profile;

    @BeforeEach
    void openProxy() throws IOException {
        proxy = new CuttableProxy(HubClient.port());
        profile = CHROMIUM.profile();
        tabs = new Tabs(hub, profile, proxy.origin(), updates);
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    /** Where the connection is. */
    enum Place {
        /** The module is from the origin of the page. Not the client page, whose policy allows no worker. */
        WORKER {
            @Override
            String page(CuttableProxy proxy) {
                return proxy.origin() + "/herald.d.ts";
            }
        },
        /** The module is from another origin, which cannot have workers here. */
        TAB {
            @Override
            String page(CuttableProxy proxy) {
                return Pages.listed();
            }
        };

        abstract String page(CuttableProxy proxy);
    }

    private List<Page> subscribed(Place place, int count) {
        List<Page> pages = IntStream.range(0, count)
                .mapToObj(tab -> tabs.open(place.page(proxy)))
                .toList();
        pages.forEach(page -> tabs.subscribe(page, READER));
        pages.forEach(Tabs::awaitLive);
        return pages;
    }

    private void publish(int count) {
        IntStream.range(0, count).forEach(update -> updates.publish());
    }

    @ParameterizedTest
    @EnumSource
    void twentyTabsShareOneConnectionAndEachGetsEachEventOnce(Place place) {
        List<Page> pages = subscribed(place, TABS);

        publish(3);

        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
        tabs.awaitStreams(1);
        publish(3);
        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
    }

    @ParameterizedTest
    @EnumSource
    void tabsThatCloseOneAfterTheOtherLoseNothingForTheRest(Place place) throws Exception {
        List<Page> pages = subscribed(place, SOME_TABS);
        tabs.awaitStreams(1);
        List<String> before = tabs.streamIds();

        for (int closed = 0; closed < SOME_TABS - 1; closed++) {
            publish(2);
            // The first one has the connection, if a tab has it.
            pages.get(closed).close();
            publish(2);
            pages.subList(closed + 1, SOME_TABS).forEach(page -> tabs.assertReceivedFrom(0, page));
        }

        tabs.awaitStreams(1);
        // The connection of a worker does not change hands.
        assertThat(tabs.streamIds().equals(before)).isEqualTo(place == Place.WORKER);
        pages.get(SOME_TABS - 1).evaluate("subscription.close()");
        tabs.awaitStreams(0);
    }

    @ParameterizedTest
    @EnumSource
    void tabsReceiveAllThroughCuts(Place place) {
        List<Page> pages = subscribed(place, SOME_TABS);

        updates.publishThroughCuts(proxy);

        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
        tabs.awaitStreams(1);
    }

    @ParameterizedTest
    @EnumSource
    void tabThatOpensLaterBeginsWhereItAsksTo(Place place) {
        publish(3);
        Map<String, Object> options = Map.of("since", 2);
        Updates open = Updates.everybodys();
        IntStream.range(0, 3).forEach(update -> open.publish());
        Tabs later = new Tabs(hub, profile, proxy.origin(), open);
        Page first = later.open(place.page(proxy));
        later.subscribe(first, options);
        later.assertReceivedFrom(1, first);
        open.publish();

        Page second = later.open(place.page(proxy));
        later.subscribe(second, options);

        later.assertReceivedFrom(2, second);
        open.publish();
        later.assertReceivedFrom(1, first);
        later.assertReceivedFrom(2, second);
        later.awaitStreams(1);
    }

    @ParameterizedTest
    @EnumSource
    void tabsOfOtherUsersDoNotShare(Place place) {
        Page reader = tabs.open(place.page(proxy));
        tabs.subscribe(reader, READER);
        Page other = tabs.open(place.page(proxy));
        tabs.subscribe(other, Tabs.withTokens(3_600, "another reader"));
        Page nobody = tabs.open(place.page(proxy));
        tabs.subscribe(nobody, Map.of());
        List.of(reader, other, nobody).forEach(Tabs::awaitLive);

        publish(2);

        tabs.assertReceivedFrom(0, reader);
        tabs.assertReceivedFrom(0, other);
        tabs.awaitStreams(3);
        assertThat(nobody.evaluate("received")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @EnumSource
    void frozenTabResumesWhereItWas(Place place) {
        List<Page> pages = subscribed(place, 2);
        publish(1);
        pages.forEach(page -> tabs.assertReceivedFrom(0, page));

        pages.get(0).evaluate(FREEZE);
        publish(2);
        tabs.assertReceivedFrom(0, pages.get(1));
        assertThat(pages.get(0).evaluate("received.length")).isEqualTo(1);
        pages.get(0).evaluate(RESUME);

        publish(1);
        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
        tabs.awaitStreams(1);
    }

    /** With connections of their own, they would keep the shared one from the few that a browser has. */
    @Test
    void moreTabsThanConnectionsShareOneOnceTheNetworkIsThere() {
        List<Page> pages = IntStream.range(0, MANY_TABS)
                .mapToObj(tab -> tabs.open(Pages.listed()))
                .toList();
        pages.forEach(tabs::load);
        proxy.cut();
        pages.forEach(page -> tabs.subscribe(page, READER));
        // So long that no tab waits for others any more.
        eventually().until(() -> proxy.rejected() >= 3);

        proxy.restore();

        pages.forEach(Tabs::awaitLive);
        publish(2);
        pages.forEach(page -> tabs.assertReceivedFrom(0, page));
        tabs.awaitStreams(1);
    }

    @ParameterizedTest
    @EnumSource
    void tabsThatComeAndGoAtRandomLoseNothing(Place place) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Page, Integer> open = new LinkedHashMap<>();
        subscribed(place, SOME_TABS).forEach(page -> open.put(page, 0));

        for (int step = 0; step < RANDOM_STEPS; step++) {
            Page page = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
            switch (random.nextInt(5)) {
                case 0 -> open.put(subscribed(place, 1).get(0), updates.data().size());
                case 1 -> closeUnlessLast(page, open);
                case 2 -> proxy.restore();
                case 3 -> page.evaluate(FREEZE);
                default -> page.evaluate(FREEZE + RESUME);
            }
            publish(random.nextInt(4));
            page = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
            page.evaluate(RESUME);
        }
        open.keySet().forEach(page -> page.evaluate(RESUME));
        tabs.publishUntilOneStream();

        assertThat(open).as("seed %d", seed).allSatisfy((page, first) -> tabs.assertReceivedAllSince(first, page));
    }

    private static void closeUnlessLast(Page page, Map<Page, Integer> open) {
        if (open.size() > 1) {
            page.close();
            open.remove(page);
        }
    }

    @Test
    void tabIsBackAtOnceWhenTheNetworkIs() {
        Page page = subscribed(Place.TAB, 1).get(0);
        proxy.answer(502);
        // So that it would wait for a minute.
        Tabs.await(page, "states.filter(state => state.startsWith('waiting')).length > 1");
        publish(2);
        proxy.restore();

        page.evaluate("dispatchEvent(new Event('online'))");

        tabs.assertReceivedFrom(0, page);
    }
}
