package dev.herald.clients;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import dev.herald.Patience;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tabs of a browser profile that subscribe with {@code herald.js}, and the streams that the hub has for them. */
final class Tabs {
    /**
     * Subscribes, and records the events in {@code received}. Its tokens are valid for {@code seconds}, if there is a secret;
     * they are those of {@code other}, if the page has it.
     */
    private static final String SUBSCRIBE = """
            async ([module, hub, topic, { secret, seconds, subject, cookie, ...options }]) => {
                const { Herald } = await import(module);
                const base64 = bytes => btoa(String.fromCharCode(...bytes))
                    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
                const utf8 = text => new TextEncoder().encode(text);
                const mint = async () => {
                    const { user = subject, grants = [topic] } = window.other ?? {};
                    const claims = { iss: 'https://issuer.example', sub: user, mercure: { subscribe: grants },
                        exp: Math.floor(Date.now() / 1000) + seconds };
                    const text = ['{"alg":"HS256"}', JSON.stringify(claims)].map(part => base64(utf8(part))).join('.');
                    const hmac = { name: 'HMAC', hash: 'SHA-256' };
                    const key = await crypto.subtle.importKey('raw', utf8(secret), hmac, false, ['sign']);
                    const signature = await crypto.subtle.sign('HMAC', key, utf8(text));
                    return `${text}.${base64(new Uint8Array(signature))}`;
                };
                Object.assign(window, { received: window.received ?? [], states: [], gaps: [], ends: [], tokens: 0, Herald });
                const token = async () => {
                    window.tokens++;
                    const next = await mint();
                    return cookie ? void (document.cookie = `mercureAuthorization=${next}`) : next;
                };
                const how = secret ? { token, credentials: cookie ? 'include' : 'omit' } : {};
                window.hub = new Herald(hub, how);
                window.subscription = window.hub.subscribe({
                    topics: topic,
                    onState: (state, error) => states.push(error ? `${state}: ${error.message}` : state),
                    onGap: gap => gaps.push(gap),
                    onEnd: end => ends.push(end.reason),
                    ...options,
                }, event => received.push(event.text));
            }""";

    private static final double DEADLINE_MILLIS = Patience.LIMIT.toMillis();
    /** Not by animation frames, which a tab in the background may not have. */
    private static final double POLLING_MILLIS = 20;

    private final HubClient client;
    private final BrowserContext profile;
    private final String hub;
    private final Updates updates;

    /** @param hub origin of the hub, or of a proxy before it */
    Tabs(HubClient client, BrowserContext profile, String hub, Updates updates) {
        this.client = client;
        this.profile = profile;
        this.hub = hub;
        this.updates = updates;
    }

    /** Opens a tab with a page of that address. */
    Page open(String address) {
        Page page = profile.newPage();
        page.navigate(address);
        return page;
    }

    /** Loads the module, so that the page can subscribe without a network. */
    void load(Page page) {
        page.evaluate("module => import(module).then(() => true)", hub + "/herald.js");
    }

    /** Subscribes to the updates. */
    void subscribe(Page page, Map<String, Object> options) {
        page.evaluate(SUBSCRIBE, List.of(hub + "/herald.js", hub + "/", updates.topic(), options));
    }

    /** Options of a subscription to private updates. */
    static Map<String, Object> withTokens(int seconds, String subject) {
        return Map.of("secret", Tokens.SUBSCRIBER_SECRET, "seconds", seconds, "subject", subject);
    }

    static void await(Page page, String condition) {
        page.waitForFunction(
                condition,
                null,
                new Page.WaitForFunctionOptions().setTimeout(DEADLINE_MILLIS).setPollingInterval(POLLING_MILLIS));
    }

    static void awaitLive(Page page) {
        await(page, "window.subscription?.state === 'live'");
    }

    /** Waits for the events from that number on, and verifies that each came once, in order, and without a gap. */
    void assertReceivedFrom(int first, Page page) {
        List<String> expected = updates.data().subList(first, updates.data().size());
        await(page, "received.length >= " + expected.size());
        assertThat(page.evaluate("received")).isEqualTo(expected);
        assertThat(page.evaluate("gaps")).isEqualTo(List.of());
    }

    /**
     * Waits for the last event, and verifies that all from the first one that the tab has received came once, and in order.
     *
     * @param first number of the first event that it must have
     */
    void assertReceivedAllSince(int first, Page page) {
        List<String> all = updates.data();
        await(page, "received.at(-1) === '" + all.get(all.size() - 1) + "'");
        List<?> received = (List<?>) page.evaluate("received");
        int begin = all.indexOf(received.get(0));
        assertThat(begin).isBetween(0, first);
        assertThat(received).isEqualTo(all.subList(begin, all.size()));
        assertThat(page.evaluate("gaps")).isEqualTo(List.of());
    }

    /** Publishes until the hub has one stream: a tab may need an event to find its position in that of others. */
    void publishUntilOneStream() {
        eventually().until(() -> {
            updates.publish();
            return streams() == 1;
        });
    }

    /** Waits until the hub has that number of streams of the topic. */
    void awaitStreams(int count) {
        eventually().until(() -> streams() == count);
    }

    /** Ids of the streams of the topic that the hub has. */
    List<String> streamIds() throws JsonProcessingException {
        return subscriptions().findValuesAsText("subscriber");
    }

    private int streams() throws JsonProcessingException {
        return subscriptions().size();
    }

    private JsonNode subscriptions() throws JsonProcessingException {
        String path = Request.MERCURE + "/subscriptions/" + Request.escaped(updates.topic());
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + Tokens.subscriber("*"));
        String document =
                client.send(HttpMethod.GET, path, bearer, Buffer.buffer()).body();
        return new ObjectMapper().readTree(document).path("subscriptions");
    }
}
