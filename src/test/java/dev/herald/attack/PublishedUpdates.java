package dev.herald.attack;

import dev.herald.guarded.Answer;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Assertions that rejected requests published nothing. */
final class PublishedUpdates {
    private PublishedUpdates() {}

    /** Asserts that nothing was published to the stream's topic: an accepted update is the first that it receives. */
    static void assertNone(EventStream stream, String topic) {
        assertOnly(stream, Request.publish().bearer(Tokens.publisher("*")).form("topic", topic, "data", "genuine"));
    }

    /**
     * Sends a Mercure publishing request, and asserts that it is accepted and that its update is the only one of the
     * stream. An update published before it would precede it.
     *
     * @param stream stream of the update's topic, open since before the rejected requests
     * @return the response to the request
     */
    static Answer assertOnly(EventStream stream, Request accepted) {
        Answer answer = accepted.send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(stream.awaitCount(1).messages())
                .singleElement()
                .extracting("id")
                .isEqualTo(answer.body());
        return answer;
    }
}
