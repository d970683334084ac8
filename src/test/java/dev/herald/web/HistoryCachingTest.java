package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.TokenMint;
import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 over HTTP: who may store past events, conditional requests, HEAD, and media types. */
@QuarkusTest
class HistoryCachingTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;
    private final String token = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"" + topic + "\"]}}");

    private void publishPrivately() {
        assertThat(hub.send(
                                HttpMethod.POST,
                                "/message?topic=" + topic + "&private",
                                Map.of(),
                                Buffer.buffer("{\"n\":1}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void q16UnchangedEventsAreAnsweredWith304() {
        HubClient.publish(topic, "{\"n\":0}");
        String tag = past.get(selected).header("ETag");
        assertThat(tag).startsWith("W/\"");

        for (String condition : List.of(tag, tag.substring(2), "\"other\", " + tag, "*")) {
            Answer unchanged = past.get(selected, Map.of("If-None-Match", condition));
            assertThat(unchanged.status()).as(condition).isEqualTo(304);
            assertThat(unchanged.header("ETag")).isEqualTo(tag);
            assertThat(unchanged.body()).isEmpty();
        }
        assertThat(past.get(selected, Map.of("If-None-Match", "\"other\"")).status())
                .isEqualTo(200);
        HubClient.publish(topic, "{\"n\":1}");
        Answer changed = past.get(selected, Map.of("If-None-Match", tag));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void q16EntityTagDisclosesNoPrivateEvents() {
        HubClient.publish(topic, "{\"n\":0}");
        String before = past.get(selected).header("ETag");
        String granted =
                past.get(selected, Map.of("Authorization", "Bearer " + token)).header("ETag");

        publishPrivately();

        assertThat(past.get(selected).header("ETag")).isEqualTo(before);
        assertThat(past.get(selected, Map.of("Authorization", "Bearer " + token))
                        .header("ETag"))
                .isNotEqualTo(granted);
    }

    @Test
    void q16GapChangesTheEntityTag() {
        HubClient.publish(topic, "{\"n\":0}");

        assertThat(past.get(selected + "&since=unknown").header("ETag"))
                .isNotEqualTo(past.get(selected + "&since=earliest").header("ETag"));
    }

    @Test
    void q16AnswersWithATokenArePrivate() {
        String inCookie = "mercureAuthorization=" + token;

        assertThat(past.get(selected).header("Cache-Control")).isEqualTo("no-cache");
        assertThat(past.get(selected, Map.of("Authorization", "Bearer " + token))
                        .header("Cache-Control"))
                .isEqualTo("private, no-cache");
        assertThat(past.get(selected, Map.of("Cookie", inCookie)).header("Cache-Control"))
                .isEqualTo("private, no-cache");
        assertThat(past.get(selected + "&authorization=" + token).header("Cache-Control"))
                .isEqualTo("private, no-store");
        assertThat(past.get(selected).header("Vary")).isEqualTo("Origin, Accept, Authorization, Cookie, Last-Event-ID");
    }

    @Test
    void q16AnswersThatWaitAndLinesAreNotStored() {
        HubClient.publish(topic, "{\"n\":0}");

        for (Answer answer :
                List.of(past.get(selected + "&wait=1s"), past.get(selected, Map.of("Accept", PastEvents.LINES)))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("ETag")).isNull();
        }
        assertThat(past.get(selected + "&wait=1s", Map.of("Authorization", "Bearer " + token))
                        .header("Cache-Control"))
                .isEqualTo("private, no-store");
    }

    @Test
    void q16HeadHasTheHeadersAndDoesNotWait() {
        HubClient.publish(topic, "{\"n\":0}");
        Answer got = past.get(selected);

        Answer head = hub.send(HttpMethod.HEAD, "/updates?" + selected, Map.of(), Buffer.buffer());
        Answer waiting = hub.send(
                HttpMethod.HEAD, "/updates?wait=5m&since=earliest&topic=none" + topic, Map.of(), Buffer.buffer());
        Answer lines =
                hub.send(HttpMethod.HEAD, "/updates?" + selected, Map.of("Accept", PastEvents.LINES), Buffer.buffer());

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
        assertThat(waiting.status()).isEqualTo(200);
        assertThat(lines.status()).isEqualTo(200);
        assertThat(lines.header("Content-Type")).startsWith(PastEvents.LINES);
    }

    @Test
    void q16MediaTypeIsThatOfAcceptAndJsonByDefault() {
        for (String accept : List.of("*/*", "application/json", "application/*", "text/html, */*;q=0.8")) {
            assertThat(past.get(selected, Map.of("Accept", accept)).header("Content-Type"))
                    .as(accept)
                    .startsWith("application/json");
        }
        assertThat(past.get(selected).header("Content-Type")).startsWith("application/json");
        assertThat(past.get(selected, Map.of("Accept", "application/json;q=0.5, " + PastEvents.LINES))
                        .header("Content-Type"))
                .startsWith(PastEvents.LINES);
        Answer stream = past.get(selected, Map.of("Accept", "text/event-stream"));
        assertThat(stream.status()).isEqualTo(406);
        assertThat(stream.body()).contains("'application/x-ndjson' for lines");
    }

    @Test
    void q16AcceptThatIsNoMediaTypeIsRejectedWithTheReason() {
        for (String accept : List.of("garbage", ";;;")) {
            Answer answer = past.get(selected, Map.of("Accept", accept));

            assertThat(answer.status()).as(accept).isEqualTo(406);
            assertThat(answer.body()).as(accept).contains("'Accept' names no media type");
        }
        assertThat(past.get(selected, Map.of("Accept", "application/json, x")).status())
                .as("a valid one beside it")
                .isEqualTo(200);
    }
}
