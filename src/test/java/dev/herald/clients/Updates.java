package dev.herald.clients;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.Answer;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;

import static org.assertj.core.api.Assertions.assertThat;

/** Publisher of numbered updates to a unique topic, not over the client's proxy. Not thread-safe. */
final class Updates {
    private static final int CUTS = 3;
    private static final int AT_ONCE = 20;

    private final String topic = "https://example.com/" + UUID.randomUUID();
    private final String publisher = Tokens.publisher(topic);
    private final List<String> published = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final boolean arePrivate;

    private Updates(boolean arePrivate) {
        this.arePrivate = arePrivate;
    }

    static Updates everybodys() {
        return new Updates(false);
    }

    /** Private updates, readable with {@link #readersToken()}. */
    static Updates privateOnes() {
        return new Updates(true);
    }

    String readersToken() {
        return Tokens.subscriber(topic);
    }

    String readersTokenUntil(Instant expiry) {
        return Tokens.subscribers()
                .token(Tokens.claims(
                        "\"mercure\":{\"subscribe\":[\"" + topic + "\"]},\"exp\":" + expiry.getEpochSecond()));
    }

    String topic() {
        return topic;
    }

    /** Path and query of their stream. */
    String target() {
        return Request.MERCURE + "?topic=" + Request.escaped(topic);
    }

    /** Path and query of a stream of these and other topics. */
    String target(Updates others) {
        return target() + "&topic=" + Request.escaped(others.topic);
    }

    /** Publishes one that makes clients reconnect at once after a disconnect. Returns its id. */
    String publish() {
        return publish("number " + published.size());
    }

    /** As {@link #publish()}, with this data. */
    String publish(String data) {
        List<String> form = new ArrayList<>(List.of("topic", topic, "data", data, "retry", "50"));
        if (arePrivate) {
            form.addAll(List.of("private", "on"));
        }
        Answer answer = Request.publish()
                .bearer(publisher)
                .form(form.toArray(String[]::new))
                .send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        published.add(data);
        ids.add(answer.body());
        return answer.body();
    }

    private void publishSome() {
        for (int i = 0; i < AT_ONCE; i++) {
            publish();
        }
    }

    /** Publishes before, while and after the proxies are cut, independently of the clients' progress. */
    void publishThroughCuts(CuttableProxy... proxies) {
        for (int i = 0; i < CUTS; i++) {
            publishSome();
            Stream.of(proxies).forEach(CuttableProxy::cut);
            publishSome();
            Stream.of(proxies).forEach(CuttableProxy::restore);
        }
        publishSome();
    }

    /** Data of all published updates. */
    List<String> data() {
        return List.copyOf(published);
    }

    /** Their ids, in the same order. */
    List<String> ids() {
        return List.copyOf(ids);
    }
}
