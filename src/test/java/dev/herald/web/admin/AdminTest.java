package dev.herald.web.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;

import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.guarded.Request;
import dev.herald.identity.TokenIdentity;
import dev.herald.log.CapturedErrors;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.stats.AdminActions;
import dev.herald.stats.AdminActions.Action;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.RawConnection;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the administration on an open hub whose keys are all the well-known one. */
@QuarkusTest
class AdminTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MERCURE = "/.well-known/mercure";
    private static final long TOMORROW = Instant.now().plusSeconds(86_400).getEpochSecond();

    @RegisterExtension
    final HubClient hub = new HubClient();

    @RegisterExtension
    final HubClient http2 = new HubClient(() -> new HttpClientOptions()
            .setDefaultHost("localhost")
            .setDefaultPort(HubClient.port())
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));

    @RegisterExtension
    final CapturedErrors audit = new CapturedErrors("dev.herald.audit", Level.INFO);

    @Inject
    AdminActions actions;

    /** Of this test, since tests share the hub. */
    private final String topic = "admin-" + UUID.randomUUID();

    private final String subject = "subject-" + UUID.randomUUID();
    private final String jti = "jti-" + UUID.randomUUID();

    private static Map<String, String> bearer(String claims) {
        return Map.of("Authorization", "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private static Map<String, String> admin() {
        return bearer("{\"sub\":\"root \\n\\u202e\",\"mercure\":{\"admin\":true}}");
    }

    private String token() {
        return TokenMint.wellKnown()
                .token("{\"sub\":\"" + subject + "\",\"jti\":\"" + jti + "\",\"exp\":" + TOMORROW
                        + ",\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}");
    }

    private Map<String, String> user() {
        return Map.of("Authorization", "Bearer " + token());
    }

    private Answer admin(HttpMethod method, String path) {
        return hub.send(method, "/admin" + path, admin(), Buffer.buffer());
    }

    private Answer revoke(String form) {
        return hub.send(HttpMethod.POST, "/admin/revocations", admin(), Buffer.buffer(form));
    }

    private static JsonNode json(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private List<JsonNode> streams(String query) {
        List<JsonNode> streams = new ArrayList<>();
        json(admin(HttpMethod.GET, "/streams?" + query)).get("streams").forEach(streams::add);
        return streams;
    }

    private static Message last(EventStream stream) {
        List<Message> messages = stream.messages();
        return messages.get(messages.size() - 1);
    }

    private void allowAudit() {
        audit.allow("Administration. ");
    }

    @Test
    void streamsAreListedWithWhatTheHubKnows() {
        allowAudit();
        hub.open("/SSE?topic=" + topic + "&topic=a{b}", user()).awaitCount(1);
        hub.open(MERCURE + "?topic=" + topic).awaitCount(0);

        eventually().until(() -> streams("topic=" + topic).size() == 2);
        JsonNode stream = streams("subject=" + subject).get(0);
        JsonNode anonymous = streams("topic=" + topic).get(1);

        assertThat(stream.get("token").asText()).isEqualTo(TokenIdentity.fingerprint(token()));
        assertThat(stream.get("jti").asText()).isEqualTo(jti);
        assertThat(stream.get("address").asText()).matches("127\\.0\\.0\\.1|0:0:0:0:0:0:0:1");
        assertThat(stream.get("selectors").toString()).isEqualTo("[\"" + topic + "\",\"a{b}\"]");
        assertThat(stream.get("selectorCount").asInt()).isEqualTo(2);
        assertThat(stream.get("signals").asBoolean()).isTrue();
        assertThat(Instant.parse(stream.get("since").asText())).isBeforeOrEqualTo(Instant.now());
        eventually().untilAsserted(() -> assertThat(
                        streams("subject=" + subject).get(0).get("state").asText())
                .isEqualTo("live"));
        assertThat(stream.get("waitingBytes").asLong()).isZero();
        assertThat(anonymous.has("subject")).isFalse();
        assertThat(anonymous.has("token")).isFalse();
        assertThat(anonymous.get("signals").asBoolean()).isFalse();
        assertThat(streams("jti=" + jti)).hasSize(1);
        assertThat(streams("token=" + TokenIdentity.fingerprint(token()).toUpperCase()))
                .hasSize(1);
        assertThat(streams("selector=a%7Bb%7D&topic=" + topic)).hasSize(1);
        assertThat(admin(HttpMethod.GET, "/streams?topic=" + topic).body()).doesNotContain(token().split("\\.")[2]);
    }

    @Test
    void pagesContinueAfterTheLastStream() {
        allowAudit();
        for (int i = 0; i < 5; i++) {
            hub.open("/SSE?topic=" + topic).awaitCount(1);
        }
        eventually().until(() -> streams("topic=" + topic).size() == 5);

        List<String> ids = new ArrayList<>();
        String next = "";
        for (int page = 0; page < 3; page++) {
            JsonNode listed = json(admin(HttpMethod.GET, "/streams?limit=2&topic=" + topic + next));
            listed.get("streams").forEach(stream -> ids.add(stream.get("id").asText()));
            next = listed.has("next") ? "&after=" + listed.get("next").asText() : "";
        }

        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
        assertThat(next).isEmpty();
    }

    @Test
    void pageOfManyLongSelectorsEndsEarlyAndContinues() {
        allowAudit();
        StringBuilder selectors = new StringBuilder("/SSE?topic=" + topic);
        for (int i = 0; i < 100; i++) {
            selectors.append("&topic=").append("x".repeat(300)).append(i);
        }
        for (int i = 0; i < 20; i++) {
            hub.open(selectors.toString()).awaitCount(1);
        }
        eventually().until(() -> {
            JsonNode first = json(admin(HttpMethod.GET, "/streams?limit=500&topic=" + topic));
            JsonNode second = first.has("next")
                    ? json(admin(
                            HttpMethod.GET,
                            "/streams?limit=500&topic=" + topic + "&after="
                                    + first.get("next").asText()))
                    : JSON.createObjectNode();
            return second.has("streams")
                    && first.get("streams").size() + second.get("streams").size() == 20;
        });

        JsonNode stream = streams("limit=1&topic=" + topic).get(0);
        assertThat(stream.get("selectors")).hasSize(20);
        assertThat(stream.get("selectorCount").asInt()).isEqualTo(101);
    }

    @Test
    void kickedRawHttp1StreamEndsWithTheReasonKicked() {
        allowAudit();
        EventStream stream = hub.open("/SSE?topic=" + topic, user()).awaitCount(1);
        EventStream other = hub.open("/SSE?topic=" + topic).awaitCount(1);
        eventually().until(() -> streams("topic=" + topic).size() == 2);

        JsonNode ended = json(admin(HttpMethod.DELETE, "/streams?subject=" + subject));

        assertThat(ended.get("ended").asInt()).isEqualTo(1);
        assertThat(stream.awaitEnd()).isTrue();
        assertThat(last(stream).type()).isEqualTo("end");
        assertThat(last(stream).data()).contains("\"reason\":\"kicked\"");
        assertThat(stream.lastEventId()).startsWith("#");
        assertThat(other.isOpen()).isTrue();
        eventually().until(() -> streams("topic=" + topic).size() == 1);
    }

    @Test
    void streamsOverHttp2EndWithoutTheirConnection() {
        allowAudit();
        EventStream one = http2.open("/SSE?topic=" + topic, user()).awaitCount(1);
        EventStream two = http2.open("/SSE?topic=" + topic).awaitCount(1);
        eventually().until(() -> streams("topic=" + topic).size() == 2);

        String id = streams("subject=" + subject).get(0).get("id").asText();
        json(admin(HttpMethod.DELETE, "/streams/" + id));

        assertThat(one.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(one.awaitEnd()).isTrue();
        assertThat(last(one).data()).contains("\"reason\":\"kicked\"");
        assertThat(two.isOpen()).isTrue();
        assertThat(admin(HttpMethod.DELETE, "/streams/" + id).status()).isEqualTo(404);
    }

    @Test
    void mercureStreamWithoutSignalsEndsWithATimeToReconnectOnly() {
        allowAudit();
        EventStream plain = hub.open(MERCURE + "?topic=" + topic);
        EventStream withSignals =
                hub.open(MERCURE + "?signals=1&topic=" + topic).awaitCount(1);
        eventually().until(() -> streams("topic=" + topic).size() == 2);

        assertThat(json(admin(HttpMethod.DELETE, "/streams?topic=" + topic))
                        .get("ended")
                        .asInt())
                .isEqualTo(2);

        assertThat(plain.awaitEnd()).isTrue();
        assertThat(plain.messages()).isEmpty();
        assertThat(plain.retryMillis()).isPositive();
        assertThat(withSignals.awaitEnd()).isTrue();
        assertThat(last(withSignals).type()).isEqualTo("end");
    }

    @ParameterizedTest
    @CsvSource({"subject", "jti", "token"})
    void revocationEndsStreamsAndRejectsPublishingAndSubscribing(String kind) {
        allowAudit();
        EventStream stream = hub.open("/SSE?topic=" + topic, user()).awaitCount(1);
        EventStream plain = http2.open(MERCURE + "?topic=" + topic, user());
        eventually().until(() -> streams("subject=" + subject).size() == 2);
        String value =
                switch (kind) {
                    case "subject" -> subject;
                    case "jti" -> jti;
                    default -> TokenIdentity.fingerprint(token());
                };

        JsonNode revoked = json(revoke(kind + "=" + value + "&until=" + TOMORROW));

        assertThat(revoked.get("ended").asInt()).isEqualTo(2);
        assertThat(revoked.get(kind).asText()).isEqualTo(value);
        assertThat(revoked.get("until").asText())
                .isEqualTo(Instant.ofEpochSecond(TOMORROW).toString());
        assertThat(stream.awaitEnd()).isTrue();
        assertThat(last(stream).data()).contains("\"reason\":\"revoked\"");
        assertThat(plain.awaitEnd()).isTrue();
        Answer subscribing = hub.send(HttpMethod.GET, "/SSE?topic=" + topic, user(), Buffer.buffer());
        Answer publishing = hub.send(
                HttpMethod.POST,
                MERCURE,
                Map.of("Authorization", "Bearer " + token(), "Content-Type", "application/x-www-form-urlencoded"),
                Buffer.buffer("topic=" + topic));
        for (Answer rejected : List.of(subscribing, publishing)) {
            assertThat(rejected.status()).isEqualTo(401);
            assertThat(rejected.body()).contains("urn:problem-type:herald:invalid-token", " revoked at ");
            assertThat(rejected.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        }
        assertThat(admin(HttpMethod.GET, "/revocations?limit=500").body()).contains(value);

        json(admin(HttpMethod.DELETE, "/revocations?" + kind + "=" + value));

        hub.open("/SSE?topic=" + topic, user()).awaitCount(1);
        assertThat(admin(HttpMethod.GET, "/revocations?limit=500").body()).doesNotContain(value);
    }

    @Test
    void updateWhoseBodyEndsAfterTheRevocationIsRejected() throws IOException {
        allowAudit();
        EventStream stream = hub.open("/SSE?topic=" + topic).awaitCount(1);
        try (RawConnection publisher = new RawConnection()) {
            String body = "topic=" + topic;
            publisher.send("POST " + MERCURE + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
                    + "Authorization: Bearer " + token() + "\r\nContent-Length: " + body.length() + "\r\n\r\n");
            assertThat(publisher.readUntil("\r\n\r\n"))
                    .as("the token was accepted")
                    .startsWith("HTTP/1.1 100");
            json(revoke("subject=" + subject + "&until=" + TOMORROW));

            publisher.send(body);

            assertThat(publisher.readToEnd()).startsWith("HTTP/1.1 401").contains(" revoked at ");
        }
        String next = HubClient.publish(topic, "\"next\"");
        assertThat(stream.awaitCount(2).messages().get(1).id()).isEqualTo(next);
        json(admin(HttpMethod.DELETE, "/revocations?subject=" + subject));
    }

    @Test
    void streamOfFiguresEndsWhenItsTokenIsRevoked() {
        allowAudit();
        EventStream figures = hub.open("/figures", user()).awaitCount(1);

        json(revoke("subject=" + subject + "&until=" + TOMORROW));

        assertThat(figures.awaitEnd()).isTrue();
        json(admin(HttpMethod.DELETE, "/revocations?subject=" + subject));
    }

    @Test
    void revocationsAreListedInPages() {
        allowAudit();
        for (int i = 0; i < 3; i++) {
            json(revoke("subject=" + subject + i + "&until=" + TOMORROW));
        }

        JsonNode first = json(admin(HttpMethod.GET, "/revocations?limit=2&after=2:" + subject));
        JsonNode second = json(admin(
                HttpMethod.GET,
                "/revocations?limit=2&after=" + first.get("next").asText()));

        assertThat(first.get("revocations")).hasSize(2);
        assertThat(second.get("revocations").get(0).get("subject").asText()).isEqualTo(subject + "2");
        for (int i = 0; i < 3; i++) {
            assertThat(json(admin(HttpMethod.DELETE, "/revocations?subject=" + subject + i))
                            .get("removed")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void purgedEventIsNotReplayedAndItsIdStillResumes() {
        allowAudit();
        String one = HubClient.publish(topic, "\"one\"");
        String two = HubClient.publish(topic, "\"two\"");
        HubClient.publish(topic, "\"three\"");

        JsonNode purged = json(admin(HttpMethod.DELETE, "/events?id=" + two));

        assertThat(purged.get("purged").asInt()).isEqualTo(1);
        assertThat(purged.get("erased").asBoolean()).isTrue();
        assertThat(hub.resume("/SSE?topic=" + topic, one).awaitCount(2).data()).containsExactly("\"three\"");
        EventStream resumed = hub.resume("/SSE?topic=" + topic, two).awaitCount(2);
        assertThat(resumed.data()).containsExactly("\"three\"");
        assertThat(resumed.messages()).noneMatch(message -> message.type().equals("gap"));
        assertThat(json(admin(HttpMethod.DELETE, "/events?topic=" + topic))
                        .get("purged")
                        .asInt())
                .isEqualTo(2);
        EventStream latest = hub.open("/SSE?since=10&topic=" + topic).awaitCount(2);
        assertThat(latest.data()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "GET    | /streams?limit=0 | 'limit' must be from 1 to 500",
                "GET    | /streams?limit=x | 'limit' must be a whole number",
                "GET    | /streams?after=-1 | 'after' must be a whole number",
                "GET    | /streams?subjct=a | 'subjct' is not a parameter of this request",
                "GET    | /streams?subject= | 'subject' is empty",
                "GET    | /streams?topic=a&topic=b | 'topic' is given more than once",
                "GET    | /streams?subject=a&jti=b | must not be combined",
                "GET    | /streams?token=eyJhbGciOi.x.y | must be the fingerprint of a token",
                "DELETE | /streams | 'subject' is missing: name which streams end",
                "DELETE | /streams?limit=1 | 'limit' is not a parameter",
                "DELETE | /streams/x | 'id' must be a whole number",
                "DELETE | /events | required, and not both",
                "DELETE | /events?id=a&topic=b | required, and not both",
                "DELETE | /events?id=earliest | must not be 'earliest'",
                "DELETE | /events?topic=%0A | topic",
                "DELETE | /revocations | 'subject' is missing"
            })
    void wrongInputIsExplained(String method, String path, String explanation) {
        Answer answer = admin(HttpMethod.valueOf(method), path);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(detail(answer)).contains(explanation).doesNotContain("eyJ");
        assertThat(audit.lines()).as("nothing was done").isEmpty();
    }

    private static String detail(Answer answer) {
        try {
            return JSON.readTree(answer.body()).get("detail").asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subject=a",
                "until=2999-01-01T00:00:00Z",
                "subject=a&until=2000-01-01T00:00:00Z",
                "subject=a&until=3000-01-01T00:00:01Z",
                "subject=a&until=tomorrow",
                "subject=a&until=32503680001",
                "subject=a&user=b&until=2999-01-01T00:00:00Z"
            })
    void wrongRevocationIsExplained(String form) {
        Answer answer = revoke(form);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("urn:problem-type:herald:invalid-field");
    }

    @Test
    void onlyAdministratorsAreAdmitted() {
        Answer none = hub.send(HttpMethod.GET, "/admin/streams", Map.of(), Buffer.buffer());
        Answer user = hub.send(HttpMethod.GET, "/admin/streams", user(), Buffer.buffer());
        Answer forged = hub.send(
                HttpMethod.GET,
                "/admin/streams",
                Map.of("Authorization", admin().get("Authorization") + "x"),
                Buffer.buffer());
        String token = admin().get("Authorization").substring("Bearer ".length());
        Answer inUrl = hub.send(HttpMethod.GET, "/admin/streams?authorization=" + token, Map.of(), Buffer.buffer());
        Answer inCookie = hub.send(
                HttpMethod.GET, "/admin/streams", Map.of("Cookie", "mercureAuthorization=" + token), Buffer.buffer());

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.body()).contains("A token is required to administer.");
        assertThat(user.status()).isEqualTo(403);
        assertThat(user.body()).contains("'mercure.admin' is not true");
        assertThat(forged.status()).isEqualTo(401);
        assertThat(inUrl.status()).isEqualTo(401);
        assertThat(inCookie.status()).isEqualTo(401);
        assertThat(audit.lines()).isEmpty();
    }

    /** With the token that the page of another origin does not have: not even then. */
    @ParameterizedTest
    @CsvSource({
        "GET, Origin, https://evil.example",
        "DELETE, Origin, https://evil.example",
        "DELETE, Origin, null",
        "POST, Origin, https://evil.example",
        "GET, Sec-Fetch-Site, cross-site",
        "DELETE, Sec-Fetch-Site, same-site"
    })
    void pagesOfOtherOriginsAdministerNothing(String method, String header, String value) {
        Answer answer = hub.send(
                HttpMethod.valueOf(method),
                method.equals("POST") ? "/admin/revocations" : "/admin/streams?subject=" + subject,
                Map.of("Authorization", admin().get("Authorization"), header, value),
                Buffer.buffer());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("foreign-origin");
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
        assertThat(audit.lines()).isEmpty();
    }

    @Test
    void preflightOfAnotherOriginIsRefusedAndTheHubsOwnPageMayAdminister() {
        allowAudit();
        Answer preflight = hub.send(
                HttpMethod.OPTIONS,
                "/admin/streams",
                Map.of("Origin", "https://evil.example", "Access-Control-Request-Method", "DELETE"),
                Buffer.buffer());
        Answer own = hub.send(
                HttpMethod.GET,
                "/admin/streams?limit=1",
                Map.of(
                        "Authorization",
                        admin().get("Authorization"),
                        "Origin",
                        "http://localhost:" + HubClient.port(),
                        "Sec-Fetch-Site",
                        "same-origin"),
                Buffer.buffer());

        assertThat(preflight.status()).isEqualTo(403);
        assertThat(own.status()).isEqualTo(200);
    }

    @Test
    void otherMethodsAreAnsweredWithTheAllowedOnes() {
        assertThat(admin(HttpMethod.POST, "/streams").header("Allow")).isEqualTo("GET, HEAD, DELETE, OPTIONS");
        assertThat(admin(HttpMethod.GET, "/events").header("Allow")).isEqualTo("DELETE, OPTIONS");
        assertThat(admin(HttpMethod.PUT, "/revocations").header("Allow")).isEqualTo("GET, HEAD, POST, DELETE, OPTIONS");
        assertThat(admin(HttpMethod.GET, "/nothing").status()).isEqualTo(404);
    }

    /** What may be private, topics and ids, is hashed; a subject cannot break the line. */
    @Test
    void eachActionHasALineInTheAuditLogAndIsCounted() {
        long before = actions.succeeded(Action.PURGE);
        String id = HubClient.publish(topic, "\"data\"");

        json(admin(HttpMethod.DELETE, "/events?id=" + id));
        json(admin(HttpMethod.DELETE, "/events?topic=" + topic));
        json(revoke("subject=" + subject + "&until=" + TOMORROW));
        json(admin(HttpMethod.DELETE, "/revocations?subject=" + subject));
        json(admin(HttpMethod.DELETE, "/streams?topic=" + topic + "&subject=" + subject));
        admin(HttpMethod.DELETE, "/streams/1");

        String token = TokenIdentity.fingerprint(admin().get("Authorization").substring("Bearer ".length()));
        String by = " by=\"root \uFFFD\uFFFD\" token=" + token.substring(0, 16) + " target=";
        String topicHash = TokenIdentity.sha256(topic).substring(0, 16);
        audit.expect("Administration. ");
        assertThat(audit.lines())
                .containsExactly(
                        "Administration. action=purge" + by + "id:"
                                + TokenIdentity.sha256(id).substring(0, 16) + " count=1 outcome=ok",
                        "Administration. action=purge" + by + "topic:" + topicHash + " count=0 outcome=ok",
                        "Administration. action=revoke" + by + "subject:\"" + subject + "\" count=0 outcome=ok",
                        "Administration. action=readmit" + by + "subject:\"" + subject + "\" count=1 outcome=ok",
                        "Administration. action=end-streams" + by + "subject:\"" + subject + "\",topic:" + topicHash
                                + " count=0 outcome=ok",
                        "Administration. action=end-streams" + by + "stream:1 count=0 outcome=rejected");
        assertThat(actions.succeeded(Action.PURGE) - before).isEqualTo(2);
        assertThat(hub.send(HttpMethod.GET, "/q/metrics", Map.of(), Buffer.buffer())
                        .body())
                .contains("herald_admin_actions_total{action=\"purge\",outcome=\"ok\"");
    }

    /** A path can be written in several ways. */
    @Test
    void escapedPathIsNoWayAroundTheToken() {
        assertThat(Request.get("/%61dmin/streams").send().status()).isIn(401, 404);
        assertThat(Request.get("//admin/streams").send().status()).isIn(401, 404);
        assertThat(Request.get("/admin;x=y/streams").send().status()).isIn(401, 404);
        assertThat(Request.get("/x/../admin/streams").send().status()).isIn(401, 404);
    }
}
