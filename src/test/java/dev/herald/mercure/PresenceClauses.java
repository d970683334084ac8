package dev.herald.mercure;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of presence, PROTOCOL M40–M43: the subscription API and its updates. */
@OurHubOnly(value = "the subscription API and its events switched on", unless = "hub.subscriptions")
abstract class PresenceClauses extends Clauses {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTEXT = "https://mercure.rocks/";

    /** Path of all subscriptions. */
    private String root() {
        return hub.path() + "/subscriptions";
    }

    /** Escapes a path segment as the contract requires: all but unreserved characters, and a space as %20. */
    private static String segment(String text) {
        return MercureHub.escape(text).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    /** Headers of a subscriber that may see all subscriptions. */
    private Map<String, String> watcher() {
        return bearer(Tokens.subscriber(root() + "{/topic}{/subscriber}"));
    }

    private Answer ask(String path, Map<String, String> headers) {
        assertThat(path).startsWith(hub.path());
        return hub.get(path.substring(hub.path().length()), headers);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode json(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/ld+json");
        return json(answer.body());
    }

    /** The listed subscriptions of a selector. */
    private JsonNode listed(String selector) {
        return json(ask(root() + "/" + segment(selector), watcher())).get("subscriptions");
    }

    /** Opens a stream and waits until it is listed, which may be shortly after its response head. */
    private EventStream listen(String... selectors) {
        return listen(ANYBODY, selectors);
    }

    private EventStream listen(Map<String, String> headers, String... selectors) {
        String last = selectors[selectors.length - 1];
        int before = listed(last).size();
        EventStream stream = hub.subscribe(headers, selectors);
        awaitListed(last, before + 1);
        return stream;
    }

    private void awaitListed(String selector, int count) {
        eventually().until(() -> listed(selector).size() == count);
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void assertSubscription(JsonNode one, String selector, boolean active) {
        String subscriber = one.get("subscriber").textValue();
        assertThat(URI.create(subscriber).isAbsolute()).isTrue();
        assertThat(one.get("id").textValue()).isEqualTo(root() + "/" + segment(selector) + "/" + segment(subscriber));
        assertThat(one.get("type").textValue()).isEqualTo("Subscription");
        assertThat(one.get("topic").textValue()).isEqualTo(selector);
        assertThat(one.get("active").isBoolean()).isTrue();
        assertThat(one.get("active").booleanValue()).isEqualTo(active);
    }

    @Test
    void q17PresenceHasAnEnvelope() {
        EventStream watching =
                hub.open(MercureHub.topics(root() + "/" + segment(topic) + "{/subscriber}") + "&envelope=1", watcher());

        hub.subscribe(topic);

        JsonNode event = json(watching.awaitCount(1).messages().get(0).data());
        assertSubscription(event.get("data"), topic, true);
        assertThat(event.get("private").booleanValue()).isTrue();
        assertThat(event.get("topics"))
                .hasToString("[\"" + event.get("data").get("id").textValue() + "\"]");
    }

    @Test
    void m40AllSubscriptionsAreOneDocument() {
        listen(topic, topic + "/{id}");

        JsonNode document = json(ask(root(), watcher()));

        assertThat(fields(document)).contains("@context", "id", "type", "lastEventID", "subscriptions");
        assertThat(document.get("@context").textValue()).isEqualTo(CONTEXT);
        assertThat(document.get("id").textValue()).isEqualTo(root());
        assertThat(document.get("type").textValue()).isEqualTo("Subscriptions");
        assertThat(document.get("lastEventID").isTextual()).isTrue();
        assertThat(document.get("subscriptions").findValuesAsText("topic")).contains(topic, topic + "/{id}");
        for (JsonNode one : document.get("subscriptions")) {
            assertSubscription(one, one.get("topic").textValue(), true);
        }
    }

    @Test
    void m40SubscriptionsOfOneSelectorAreOneDocument() {
        listen(topic);
        listen(topic);
        listen("*", topic + "/other");

        JsonNode document = json(ask(root() + "/" + segment(topic), watcher()));

        assertThat(fields(document)).contains("@context", "id", "type", "lastEventID", "subscriptions");
        assertThat(document.get("id").textValue()).isEqualTo(root() + "/" + segment(topic));
        assertThat(document.get("type").textValue()).isEqualTo("Subscriptions");
        assertThat(document.get("subscriptions")).hasSize(2);
        for (JsonNode one : document.get("subscriptions")) {
            assertThat(fields(one)).contains("id", "type", "topic", "subscriber", "active");
            assertSubscription(one, topic, true);
        }
    }

    @Test
    @Policy("the draft names no unused selectors")
    void m40UnusedSelectorIsAnEmptyList() {
        assertThat(listed(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a b",
                "a/b",
                "//",
                "a+b",
                "a%2Fb",
                "a%20b",
                "%",
                "%zz",
                "é🧀",
                "{id}",
                "{+a}/{b*}{?c,d}",
                "a?b=c&d#e",
                "a;b=c",
                ".x",
                "a:b@c",
                "'\"<>\\^`|",
                "a*b",
                "~",
                "a/../b",
                "[x]",
            })
    void m40EachIdIsTheUrlOfItsSubscription(String end) {
        String selector = topic + end;
        listen(selector);
        JsonNode listed = listed(selector).get(0);
        assertSubscription(listed, selector, true);

        JsonNode one = json(ask(listed.get("id").textValue(), watcher()));

        assertThat(fields(one)).contains("@context", "id", "type", "topic", "subscriber", "active", "lastEventID");
        assertThat(one.get("@context").textValue()).isEqualTo(CONTEXT);
        assertThat(one.get("lastEventID").isTextual()).isTrue();
        assertSubscription(one, selector, true);
        assertThat(one.get("subscriber")).isEqualTo(listed.get("subscriber"));
    }

    @Test
    void m40StarIsListedAsASelector() {
        awaitListed("*", 0);
        listen("*");

        JsonNode one = listed("*").get(0);

        assertThat(one.get("id").textValue()).startsWith(root() + "/%2A/urn%3Auuid%3A");
        assertThat(ask(one.get("id").textValue(), watcher()).status()).isEqualTo(200);
    }

    @Test
    @Policy("the draft names the escaped path only")
    void m40StarIsAlsoFoundUnescaped() {
        awaitListed("*", 0);
        listen("*");

        String path = listed("*").get(0).get("id").textValue().replace("%2A", "*");

        assertThat(ask(path, watcher()).status()).isEqualTo(200);
    }

    @Test
    @Policy("the draft allows further properties, and any IRI as a subscriber or an id")
    void m40DocumentsAndUpdatesHaveNoOtherPropertiesAndAreNamedByUuids() {
        EventStream watching = watch(topic);
        listen(topic);

        JsonNode all = json(ask(root() + "/" + segment(topic), watcher()));
        JsonNode one = all.get("subscriptions").get(0);
        JsonNode alone = json(ask(one.get("id").textValue(), watcher()));
        JsonNode update = json(watching.awaitCount(1).data().get(0));

        assertThat(fields(all)).containsExactlyInAnyOrder("@context", "id", "type", "lastEventID", "subscriptions");
        assertThat(fields(one)).containsExactlyInAnyOrder("id", "type", "topic", "subscriber", "active");
        assertThat(fields(alone))
                .containsExactlyInAnyOrder("@context", "id", "type", "topic", "subscriber", "active", "lastEventID");
        assertThat(fields(update)).containsExactlyInAnyOrder("@context", "id", "type", "topic", "subscriber", "active");
        assertThat(watching.messages().get(0).type()).isEqualTo("message");
        for (String name : List.of(one.get("subscriber").textValue(), watching.lastEventId())) {
            assertThat(name).startsWith("urn:uuid:");
            assertThat(UUID.fromString(name.substring("urn:uuid:".length()))).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "1", "1.50", "true", "[1,[2]]", "{\"a\":{\"b\":null},\"é\":\"🧀\"}"})
    void m40PayloadOfTheTokenIsUnchanged(String payload) {
        listen(bearer(Tokens.ofSubscriber("{\"mercure\":{\"subscribe\":[],\"payload\":" + payload + "}}")), topic);

        JsonNode listed = listed(topic).get(0);
        Answer one = ask(listed.get("id").textValue(), watcher());

        assertThat(json(one).get("payload")).isEqualTo(listed.get("payload")).isEqualTo(json(payload));
    }

    /** {@code $} in the table is the path of all subscriptions, and {@code T} the escaped selector. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$|$|200",
                "$|$/T|403",
                "$/T|$|403",
                "$/T|$/T|200",
                "$/T/{subscriber}|$/T|403",
                "$/T/{subscriber}|$/T/S|200",
                "$/{topic}|$/T|200",
                "$/{topic}|$/T/S|403",
                "$/{topic}/{subscriber}|$/T/S|200",
                "$/{topic}/{subscriber}|$|403",
                "$/other|$/T|403",
                "https://hub.example$|$|403",
                "$x|$|403",
                "*|$|200",
                "*|$/T/S|200",
            })
    void m41RequestPathMustMatchAGrant(String grant, String path, int status) {
        listen(topic);
        String subscriber = listed(topic).get(0).get("subscriber").textValue();

        Answer answer = ask(
                path.replace("$", root()).replace("T", segment(topic)).replace("/S", "/" + segment(subscriber)),
                bearer(Tokens.subscriber(grant.replace("$", root()).replace("T", segment(topic)))));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"insufficient_scope\"");
        }
    }

    @Test
    @Policy("the draft names no dot segments")
    void m41DotSegmentsDoNotExtendAGrant() {
        listen(topic);
        Map<String, String> below = bearer(Tokens.subscriber(root() + "/other/{+anything}"));

        for (String path : List.of("/other/..", "/other/../" + segment(topic), "/other/%2E%2E/" + segment(topic))) {
            Answer answer = ask(root() + path, below);

            assertThat(answer.body()).as(path).doesNotContain(topic);
        }
    }

    @Test
    void m41MissingOrInvalidTokenGets401() {
        for (String path : List.of(root(), root() + "/" + segment(topic), root() + "/a/b")) {
            Answer none = ask(path, MercureHub.NOBODY);
            Answer bad = ask(path, bearer("bad"));

            assertThat(none.status()).isEqualTo(401);
            assertThat(none.header("WWW-Authenticate")).startsWith("Bearer").doesNotContain("error");
            assertThat(bad.status()).isEqualTo(401);
            assertThat(bad.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"invalid_token\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"urn%3Auuid%3A01890a5d-ac96-774b-bcce-b302099a8057", "urn%3Auuid%3Anone", "nobody", "%20"})
    void m41UnknownSubscriberGets404(String subscriber) {
        listen(topic);

        assertThat(ask(root() + "/" + segment(topic) + "/" + subscriber, watcher())
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Policy("an ended subscription may also be shown")
    void m41SubscriptionOfAnotherSelectorOrEndedOneGets404() {
        EventStream stream = listen(topic);
        String subscriber = segment(listed(topic).get(0).get("subscriber").textValue());
        String path = root() + "/" + segment(topic) + "/" + subscriber;
        assertThat(ask(path, watcher()).status()).isEqualTo(200);
        assertThat(ask(root() + "/" + segment(topic + "/other") + "/" + subscriber, watcher())
                        .status())
                .isEqualTo(404);

        stream.close();

        eventually().until(() -> ask(path, watcher()).status() == 404);
        assertThat(listed(topic)).isEmpty();
    }

    private String tag(String path) {
        Answer answer = ask(path, watcher());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ETag")).matches("\"[^\"]+\"");
        return answer.header("ETag");
    }

    @Test
    @Policy("the draft shows an ETag in examples only")
    void m41ETagChangesExactlyWithTheSubscriptions() {
        listen(topic);
        String path = root() + "/" + segment(topic);
        String one = tag(path);

        hub.publishTo(topic, "an event");
        hub.publishPrivately(topic, "a private event");
        listen(topic + "/other");
        assertThat(tag(path)).as("the shown subscriptions are unchanged").isEqualTo(one);

        EventStream second = listen(topic);
        String two = tag(path);
        assertThat(two).as("after a subscription began").isNotEqualTo(one);

        second.close();
        awaitListed(topic, 1);
        assertThat(tag(path)).as("after a subscription ended").isNotEqualTo(two);
    }

    @Test
    @Policy("the draft shows an ETag in examples only")
    void m41MatchingIfNoneMatchGets304() {
        listen(topic);
        String list = root() + "/" + segment(topic);
        String one =
                json(ask(list, watcher())).get("subscriptions").get(0).get("id").textValue();

        for (String path : List.of(list, one)) {
            String tag = tag(path);
            for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
                Answer answer = ask(path, and(watcher(), "If-None-Match", known));

                assertThat(answer.status()).as(known).isEqualTo(304);
                assertThat(answer.body()).isEmpty();
                assertThat(answer.header("ETag")).isEqualTo(tag);
            }
            assertThat(ask(path, and(watcher(), "If-None-Match", "\"other\"")).status())
                    .isEqualTo(200);
        }
        String tag = tag(list);
        listen(topic);
        assertThat(ask(list, and(watcher(), "If-None-Match", tag)).status()).isEqualTo(200);
    }

    @Test
    @Policy("the draft does not forbid shared caches")
    void m41ResponseIsPrivateToSharedCaches() {
        assertThat(ask(root(), watcher()).header("Cache-Control").split(", *")).contains("private");
    }

    private String lastEventId(Map<String, String> headers) {
        return lastEventId(root() + "/" + segment(topic), headers);
    }

    private String lastEventId(String path, Map<String, String> headers) {
        return json(ask(path, headers)).get("lastEventID").textValue();
    }

    @Test
    @Policy("the draft wants the last event, readable or not")
    void m41AllThreeDocumentsHaveTheSameLastEventId() {
        listen(topic);
        String list = root() + "/" + segment(topic);
        String one = listed(topic).get(0).get("id").textValue();
        String open = hub.publishTo(topic, "0");
        String secret = hub.publishPrivately(topic, "1");
        Map<String, String> stranger = bearer(Tokens.subscriber(root(), list, one));
        Map<String, String> granted = bearer(Tokens.subscriber(root(), list, one, topic));
        String tag = ask(one, stranger).header("ETag");

        for (String path : List.of(root(), list, one)) {
            assertThat(lastEventId(path, stranger)).as(path).isEqualTo(open);
            assertThat(lastEventId(path, granted)).as(path).isEqualTo(secret);
        }
        assertThat(ask(one, granted).header("ETag"))
                .as("only the version of the subscriptions")
                .isEqualTo(tag);
    }

    /** Headers with a grant for the subscriptions of one selector, but not for updates about them. */
    private Map<String, String> viewer(String... more) {
        String[] grants = Arrays.copyOf(more, more.length + 1);
        grants[more.length] = root() + "/" + segment(topic);
        return bearer(Tokens.subscriber(grants));
    }

    @Test
    @Policy("the draft wants the last event, readable or not")
    void m41LastEventIdIsThatOfTheLastEventReadableByTheCaller() {
        String open = hub.publishTo(topic, "0");
        assertThat(lastEventId(viewer())).isEqualTo(open);

        String secret = hub.publishPrivately(topic, "1");

        assertThat(lastEventId(viewer())).as("unchanged by private events").isEqualTo(open);
        assertThat(lastEventId(viewer(topic))).isEqualTo(secret);
    }

    @Test
    void m41ResumingFromTheLastEventIdMissesNoChange() {
        listen(topic);
        JsonNode document = json(ask(root() + "/" + segment(topic), watcher()));
        listen(topic);

        EventStream changes = hub.subscribe(
                and(watcher(), "Last-Event-ID", document.get("lastEventID").textValue()),
                root() + "/" + segment(topic) + "/{subscriber}");

        // A listed change may be repeated; an unlisted one must arrive.
        String second = listed(topic).get(1).get("id").textValue();
        eventually().until(() -> changes.data().stream()
                .anyMatch(data -> json(data).get("id").textValue().equals(second)));
    }

    private EventStream watch(String... selectors) {
        return hub.subscribe(
                watcher(),
                Stream.of(selectors)
                        .map(selector -> root() + "/" + segment(selector) + "/{subscriber}")
                        .toArray(String[]::new));
    }

    @Test
    void m42SubscriptionIsReportedAtItsStartAndItsEnd() {
        EventStream watching = watch(topic);

        listen(topic).close();

        watching.awaitCount(2);
        JsonNode begun = json(watching.data().get(0));
        JsonNode ended = json(watching.data().get(1));
        for (JsonNode update : List.of(begun, ended)) {
            assertThat(fields(update)).contains("@context", "id", "type", "topic", "subscriber", "active");
            assertThat(update.get("@context").textValue()).isEqualTo(CONTEXT);
        }
        assertSubscription(begun, topic, true);
        assertSubscription(ended, topic, false);
        assertThat(ended.get("id")).isEqualTo(begun.get("id"));
    }

    @Test
    void m42UpdateIncludesThePayload() {
        EventStream watching = watch(topic);

        listen(bearer(Tokens.ofSubscriber("{\"mercure\":{\"subscribe\":[],\"payload\":{\"name\":\"Ada\"}}}")), topic);

        assertThat(json(watching.awaitCount(1).data().get(0)).get("payload")).isEqualTo(json("{\"name\":\"Ada\"}"));
    }

    @Test
    @Policy("the draft names no order of start and report")
    void m42SubscriptionReportedActiveReceivesEvents() {
        EventStream watching = watch(topic);
        EventStream stream = listen(topic);
        watching.awaitCount(1);

        hub.publishTo(topic, "1");

        assertThat(stream.awaitCount(1).data()).containsExactly("1");
    }

    @Test
    void m42EachSelectorHasAnUpdateOfItsOwnUnderItsEscapedPath() {
        String spaced = topic + "/a b/é/{id}";
        EventStream watching = watch(topic, spaced);

        listen(topic, spaced, "other").close();

        watching.awaitCount(4);
        assertThat(watching.data().stream()
                        .map(data ->
                                json(data).get("topic").textValue() + json(data).get("active")))
                .containsExactlyInAnyOrder(topic + true, spaced + true, topic + false, spaced + false);
        assertThat(watching.data().stream()
                        .map(data -> json(data).get("id").textValue())
                        .filter(id -> id.contains("a%20b%2F%C3%A9%2F%7Bid%7D")))
                .hasSize(2);
    }

    @Test
    void m42TheUpdatesArePrivate() {
        EventStream watching = watch(topic);
        String path = root() + "/" + segment(topic) + "/{subscriber}";
        EventStream ungranted = hub.subscribe(ANYBODY, path, topic + "/later");
        EventStream grantedElse = hub.subscribe(bearer(Tokens.subscriber(topic)), path, topic + "/later");

        listen(topic).close();

        watching.awaitCount(2);
        hub.assertReceivedOnly(ungranted, topic + "/later");
        assertThat(grantedElse.awaitCount(1).data()).containsExactly("later");
    }

    @Test
    @Policy("the draft names no order of reports")
    void m42ManySubscriptionsAreEachReportedInOrder() {
        EventStream watching = watch(topic);

        List<EventStream> streams =
                IntStream.range(0, 30).mapToObj(i -> hub.subscribe(topic)).toList();
        awaitListed(topic, 30);
        streams.forEach(EventStream::close);

        watching.awaitCount(60);
        List<String> ids = watching.data().stream()
                .filter(data -> json(data).get("active").booleanValue())
                .map(data -> json(data).get("id").textValue())
                .toList();
        assertThat(ids).hasSize(30).doesNotHaveDuplicates();
        for (String id : ids) {
            assertThat(watching.data().stream()
                            .filter(data -> json(data).get("id").textValue().equals(id))
                            .map(data -> json(data).get("active").booleanValue()))
                    .containsExactly(true, false);
        }
    }

    @Test
    void m43ASubscriberIsOneConnectionWithOneName() {
        listen(topic, topic + "/other");
        String name = listed(topic).get(0).get("subscriber").textValue();
        assertThat(listed(topic + "/other").get(0).get("subscriber").textValue())
                .isEqualTo(name);

        listen(topic);

        assertThat(listed(topic).findValuesAsText("subscriber"))
                .hasSize(2)
                .contains(name)
                .doesNotHaveDuplicates();
    }
}
