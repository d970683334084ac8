package dev.herald.attack;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of injection through fields of an update or a request: PROTOCOL E2, E3, M12. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class InjectionTest {
    private static final List<String> LINE_ENDS = List.of("\n", "\r", "\r\n", "\n\n");

    /** Characters that end a line for some program, are control characters, or are invisible. */
    private static final List<String> REJECTED = List.of(
            "\n", "\r", "\r\n", "\0", "\t", "\u000B", "\f", "\u001B", "\u007F", "\u0080", "\u0085", "\u200B", "\u202E",
            "\uFEFF");

    /** Line ends for some programs, but not for a stream. */
    private static final List<String> HARMLESS = List.of("\u2028", "\u2029", "\u00A0", ": ", "data: ");

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();
    private final String publisher = Tokens.publisher("*");

    private Answer publish(String... form) {
        return Request.publish().bearer(publisher).form(form).send();
    }

    @Test
    void controlCharactersInIdTypeAndTopicGet400() {
        SoftAssertions all = new SoftAssertions();

        for (String field : List.of("id", "type", "topic")) {
            for (String character : REJECTED) {
                String value = "x" + character + "data: forged";
                Answer answer = publish("topic", topic, field, value);
                all.assertThat(answer.status())
                        .as("%s with U+%04X", field, (int) character.charAt(0))
                        .isEqualTo(400);
            }
        }

        all.assertAll();
    }

    @Test
    void invalidUtf8InAFieldIsRejectedWith400() {
        SoftAssertions all = new SoftAssertions();

        // Overlong forms of LF, a truncated character, a surrogate, code points beyond Unicode.
        for (String bytes : List.of("%C0%8A", "%E0%80%8A", "%C4", "%ED%A0%80", "%F5%80%80%80", "%FF")) {
            for (String field : List.of("id", "type", "topic", "data")) {
                Answer answer = Request.publish()
                        .bearer(publisher)
                        .body(
                                "application/x-www-form-urlencoded",
                                (field.equals("topic") ? "" : "topic=" + topic + "&") + field + "=x" + bytes)
                        .send();
                all.assertThat(answer.status()).as(field + " " + bytes).isEqualTo(400);
            }
        }

        all.assertAll();
    }

    @Test
    void lineEndsInDataCannotForgeAField() {
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);

        for (String end : LINE_ENDS) {
            publish(
                    "topic",
                    topic,
                    "id",
                    "genuine",
                    "data",
                    "a" + end + "id: forged" + end + "event: forged" + end + end + "data: b");
        }

        stream.awaitCount(LINE_ENDS.size());
        assertThat(stream.messages()).extracting(Message::id).containsOnly("genuine");
        assertThat(stream.messages()).extracting(Message::type).containsOnly("message");
        assertThat(stream.data().get(0)).isEqualTo("a\nid: forged\nevent: forged\n\ndata: b");
        assertThat(stream.data()).hasSize(LINE_ENDS.size());
        assertThat(stream.lastEventId()).isEqualTo("genuine");
    }

    @Test
    void otherLineSeparatorsAreLiteral() {
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);

        for (String text : HARMLESS) {
            publish("topic", topic, "id", "i" + text + "d", "type", "t" + text + "e", "data", "d" + text + "a");
        }

        stream.awaitCount(HARMLESS.size());
        assertThat(stream.messages())
                .containsExactlyElementsOf(HARMLESS.stream()
                        .map(text -> new Message("i" + text + "d", "t" + text + "e", "d" + text + "a"))
                        .toList());
    }

    @Test
    void requestedIdCannotForgeAResponseHeader() {
        SoftAssertions all = new SoftAssertions();

        for (String requested : List.of(
                "%0D%0ASet-Cookie:%20forged=1",
                "x%0D%0A%0D%0A%3Cscript%3E", "%E5%98%8D%E5%98%8ASet-Cookie:%20forged=1", "%00", "%23%0D%0Aforged")) {
            for (String name : List.of("lastEventID", "Last-Event-ID")) {
                Answer answer = Request.get(Request.MERCURE + "?topic=" + topic + "&" + name + "=" + requested)
                        .send();
                all.assertThat(answer.headers("Last-Event-ID")).as(requested).containsExactly("earliest");
                all.assertThat(answer.head()).as(requested).doesNotContain("forged", "script");
            }
        }

        all.assertAll();
    }

    @Test
    void echoedIdCannotForgeAResponseHeader() {
        // In UTF-8 decoded as Latin-1, each contains control characters: U+0085, and U+008D with U+008A.
        for (String id : List.of("\u4E05", "\u560D\u560A", "\u2028", "é: x", "\u0142\u010D")) {
            publish("topic", topic, "id", id);

            EventStream stream =
                    hub.open(Request.MERCURE + "?topic=" + topic + "&lastEventID=" + Request.escaped(id), Map.of());

            assertThat(new String(
                            stream.headers().get("Last-Event-ID").getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8))
                    .isEqualTo(id);
            assertThat(stream.headers().names()).doesNotContain("x");
        }
    }

    @Test
    void foreignOriginIsNotReflected() {
        for (String origin :
                List.of("https://evil.example", Pages.listed() + "\t", Pages.listed() + " https://evil.example")) {
            Answer answer = Request.get(Request.MERCURE + "?topic=" + topic)
                    .header("Origin", origin)
                    .send();

            assertThat(answer.head()).doesNotContain("evil.example");
        }
    }
}
