package dev.herald.mercure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of tokens, PROTOCOL M20–M24, M26 and M27: transport, validity and rejection. */
abstract class TokenClauses extends Clauses {
    private static final String COOKIE = "mercureAuthorization";
    private static final String BAD = "bad";

    /** Tokens in the header, the query and the cookie, and the expected status. */
    private static final String PRECEDENCE = """
            good, bad, bad, 200
            good, bad, none, 200
            good, none, bad, 200
            none, good, bad, 200
            bad, good, good, 401
            bad, good, none, 401
            bad, none, good, 401
            none, bad, good, 401
            none, none, bad, 401
            """;

    private final String form = form("topic", topic, "data", "1");
    private final String publisher = Tokens.publisher(topic);
    private final String subscriber = Tokens.subscriber(topic);

    private Answer post(Map<String, String> headers) {
        return hub.post(form, headers);
    }

    /** Verifies with a private update that the stream's token is valid. */
    private void assertReadsPrivately(EventStream stream) {
        assertThat(stream.status()).isEqualTo(200);
        hub.publishPrivately(topic, "private");
        hub.assertReceivedOnly(stream, topic, "private");
    }

    /** Verifies the challenge, which may have more parameters than the error (RFC 6750 §3). */
    private static void assertChallenge(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"" + error + "\"");
    }

    private static void assertRejected(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    }

    private static void assertInvalid(Answer answer) {
        assertChallenge(answer, 401, "invalid_token");
    }

    /** Verifies a challenge without an error, since no token was sent (RFC 6750 §3.1). */
    private static void assertMissing(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").doesNotContain("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR "})
    void m20SchemeOfTheHeaderIsCaseInsensitive(String scheme) {
        assertThat(post(Map.of("Authorization", scheme + publisher)).status()).isEqualTo(200);
        assertReadsPrivately(hub.open(topics(topic), Map.of("Authorization", scheme + subscriber)));
    }

    @Test
    @Policy("hubs may support this method")
    void m20TokenInTheQueryIsAccepted() {
        assertThat(hub.post("?authorization=" + publisher, form, Map.of()).status())
                .isEqualTo(200);
        assertReadsPrivately(hub.open(topics(topic) + "&authorization=" + subscriber, Map.of()));
    }

    @Test
    void m20SubscribersTokenInTheCookieIsAccepted() {
        String cookies = "a=b; " + COOKIE + "=" + subscriber + "; c=d";

        assertReadsPrivately(hub.open(topics(topic), Map.of("Cookie", cookies)));
    }

    /** Only the token in the first used place applies; tokens in the other places are ignored. */
    @ParameterizedTest
    @CsvSource(nullValues = "none", textBlock = PRECEDENCE)
    void m20HeaderPrecedesTheQueryAndThatTheCookie(String header, String query, String cookie, int status) {
        EventStream stream = hub.open(
                topics(topic) + (query == null ? "" : "&authorization=" + brought(query, subscriber)),
                brought(header, cookie, subscriber));

        assertThat(stream.status()).isEqualTo(status);
        if (status == 200) {
            assertReadsPrivately(stream);
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", textBlock = PRECEDENCE)
    @OurHubOnly("an origin whose pages may publish with the cookie")
    void m20PublishersHaveTheSamePrecedence(String header, String query, String cookie, int status) {
        Answer answer = hub.post(
                query == null ? "" : "?authorization=" + brought(query, publisher),
                form,
                and(brought(header, cookie, publisher), "Origin", Guarded.LISTED_FOR_COOKIES));

        assertThat(answer.status()).isEqualTo(status);
    }

    private static String brought(String which, String good) {
        return which.equals("good") ? good : BAD;
    }

    private static Map<String, String> brought(String header, String cookie, String good) {
        Map<String, String> headers = header == null ? Map.of() : bearer(brought(header, good));
        return cookie == null ? headers : and(headers, "Cookie", COOKIE + "=" + brought(cookie, good));
    }

    @Test
    @Policy("the draft names no other schemes")
    void m20OtherSchemeIsNoToken() {
        assertMissing(post(Map.of("Authorization", "Basic dXNlcjpwYXNz")));
    }

    @Test
    void m21TokenSignedWithAnotherKeyIsRejected() {
        TokenMint stranger =
                TokenMint.hmac("HS256", "another secret that is long enough".getBytes(StandardCharsets.UTF_8));

        assertRejected(post(bearer(stranger.token("{\"mercure\":{\"publish\":[\"*\"]}}"))));
        assertRejected(hub.get("?" + topics(topic), bearer(stranger.token("{\"mercure\":{\"subscribe\":[\"*\"]}}"))));
    }

    @Test
    @Policy("different keys may be used")
    void m21PublisherAndSubscriberKeysAreSeparate() {
        Assumptions.assumeFalse(
                Tokens.ofPublisher("{}").equals(Tokens.ofSubscriber("{}")),
                "The other hub has one key for both sides.");

        assertRejected(post(bearer(Tokens.ofSubscriber("{\"mercure\":{\"publish\":[\"*\"]}}"))));
        assertRejected(
                hub.get("?" + topics(topic), bearer(Tokens.ofPublisher("{\"mercure\":{\"subscribe\":[\"*\"]}}"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS384", "HS512", "RS256", "ES256", "", "hs256"})
    void m21ATokenCannotChooseItsAlgorithm(String algorithm) {
        String changed = Tokens.publishers()
                .withHeader("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}")
                .token("{\"mercure\":{\"publish\":[\"*\"]}}");

        assertRejected(post(bearer(changed)));
        assertRejected(post(bearer(changed.substring(0, changed.lastIndexOf('.') + 1))));
    }

    @Test
    @OurHubOnly("HS256 as its only algorithm, and the well-known key for publishers")
    @Policy("the draft names no algorithms")
    void m21AlgorithmThatIsNotConfiguredIsRejected() {
        TokenMint longer = TokenMint.hmac("HS512", Tokens.PUBLISHER_KEY.getBytes(StandardCharsets.UTF_8));

        assertRejected(post(bearer(longer.token("{\"mercure\":{\"publish\":[\"*\"]}}"))));
    }

    private static String claims(String more) {
        return "{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}" + more + "}";
    }

    @ParameterizedTest
    @CsvSource({"exp, -3600", "nbf, 3600"})
    void m22TokenIsInvalidBeforeAndAfterItsTime(String name, long seconds) {
        assertInvalidAt(name, seconds);
    }

    @Test
    @Policy("RFC 7519 allows a leeway")
    void m22TokenExpiresWithoutLeeway() {
        assertInvalidAt("exp", -1);
    }

    private void assertInvalidAt(String name, long seconds) {
        String claims = claims(",\"" + name + "\":" + (Instant.now().getEpochSecond() + seconds));

        assertRejected(post(bearer(Tokens.ofPublisher(claims))));
        assertRejected(hub.get("?" + topics(topic), bearer(Tokens.ofSubscriber(claims))));
    }

    @Test
    void m22TokenIsValidWithinItsTime() {
        long now = Instant.now().getEpochSecond();
        String claims = claims(",\"nbf\":" + (now - 60) + ",\"exp\":" + (now + 3_600));

        assertThat(post(bearer(Tokens.ofPublisher(claims))).status()).isEqualTo(200);
        assertReadsPrivately(hub.open(topics(topic), bearer(Tokens.ofSubscriber(claims))));
    }

    @ParameterizedTest
    @ValueSource(strings = {BAD, "a.b.c", "..", "a.b", "é", "a b"})
    @Policy("the draft does not name invalid tokens of anonymous requests")
    void m22InvalidTokenGets401WhereNoneIsNeeded(String token) {
        String onTheWire = new String(token.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertInvalid(hub.get("?" + topics(topic), bearer(onTheWire)));
        assertInvalid(hub.get("?" + form("topic", topic, "authorization", token), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mercure", "https://mercure.rocks/"})
    @Policy("the draft has one name")
    void m23ClaimIsAcceptedUnderBothNames(String name) {
        String claims = "{\"%s\":{\"publish\":[\"%s\"],\"subscribe\":[\"%s\"]}}".formatted(name, topic, topic);

        assertThat(post(bearer(Tokens.ofPublisher(claims))).status()).isEqualTo(200);
        assertReadsPrivately(hub.open(topics(topic), bearer(Tokens.ofSubscriber(claims))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "1", "1.50", "true", "null", "[1,[2]]", "{\"a\":{\"b\":null}}"})
    void m23PayloadIsAnyJson(String payload) {
        String claims = "{\"mercure\":{\"subscribe\":[\"*\"],\"payload\":" + payload + "}}";

        assertReadsPrivately(hub.open(topics(topic), bearer(Tokens.ofSubscriber(claims))));
    }

    @Test
    void m24MissingTokenIsChallengedWithBearer() {
        assertMissing(post(Map.of()));
    }

    @Test
    void m24InvalidTokenIsChallengedWithInvalidToken() {
        assertInvalid(post(bearer(BAD)));
        assertInvalid(hub.post("?authorization=" + BAD, form, Map.of()));
        assertInvalid(hub.get("?" + topics(topic), Map.of("Cookie", COOKIE + "=" + BAD)));
    }

    @Test
    void m24MissingGrantIsChallengedWithInsufficientScope() {
        assertChallenge(post(bearer(Tokens.publisher("other"))), 403, "insufficient_scope");
    }

    @Test
    @OurHubOnly("problem documents")
    @Policy("problem documents are not in the draft")
    void m24RejectionNamesARemedy() {
        Answer missing = post(Map.of());
        Answer insufficient = post(bearer(Tokens.publisher("other")));

        assertThat(missing.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(missing.body()).contains("urn:problem-type:herald:missing-token", "Authorization: Bearer");
        assertThat(insufficient.body()).contains("urn:problem-type:herald:insufficient-scope", "mercure.publish");
        assertThat(post(bearer(BAD)).body()).contains("urn:problem-type:herald:invalid-token");
    }

    @Test
    void m26ResponseToATokenInTheQueryIsPrivateToSharedCaches() {
        String query = "?authorization=" + publisher;

        assertPrivate(hub.post(query, form, Map.of()).header("Cache-Control"));
        EventStream stream = hub.open(topics(topic) + "&authorization=" + subscriber, Map.of());
        assertThat(stream.status()).isEqualTo(200);
        assertPrivate(stream.headers().get("Cache-Control"));
    }

    @Test
    @Policy("the draft asks for it in successful responses only")
    void m26EveryResponseToATokenInTheQueryIsPrivateToSharedCaches() {
        String query = "?authorization=" + publisher;

        assertPrivate(hub.post(query, "", Map.of()).header("Cache-Control"));
        assertPrivate(hub.post("?authorization=bad", form, Map.of()).header("Cache-Control"));
        assertPrivate(hub.post(query, form, bearer(publisher)).header("Cache-Control"));
        assertPrivate(hub.get("/subscriptions?authorization=" + Tokens.subscriber("*"), Map.of())
                .header("Cache-Control"));
        assertPrivate(hub.get("/subscriptions/a/b?authorization=" + Tokens.subscriber("*"), Map.of())
                .header("Cache-Control"));
    }

    private static void assertPrivate(String cacheControl) {
        assertThat(cacheControl).isNotNull();
        assertThat(cacheControl.split(", *")).contains("private");
    }

    @Test
    @OurHubOnly("an access log that the test can read")
    @Policy("the draft only warns of such logs")
    void m26TokenInTheQueryIsNotInTheAccessLog() throws IOException {
        String marked = "/subscriptions/" + UUID.randomUUID();
        int before = accessLog().length();
        hub.open(topics(topic) + "&authorization=" + subscriber, Map.of()).close();
        hub.post("?authorization=" + publisher, form, Map.of());

        hub.get(marked + "?authorization=" + Tokens.subscriber("*"), Map.of());

        eventually().until(() -> accessLog().contains(marked));
        assertThat(accessLog().substring(before))
                .contains("\"GET " + hub.path() + marked + " HTTP/1.1\" 200")
                .contains("\"POST " + hub.path() + " HTTP/1.1\" 200")
                .doesNotContain(publisher, subscriber, Tokens.subscriber("*"))
                .doesNotContain("authorization");
    }

    private static String accessLog() throws IOException {
        return Files.exists(Guarded.ACCESS_LOG) ? Files.readString(Guarded.ACCESS_LOG) : "";
    }

    @Test
    @OurHubOnly("anonymous subscribing switched on, and anonymous publishing switched off")
    @Policy("the hub may require tokens of subscribers")
    void m27WithoutATokenPublicUpdatesAreReadableAndPublishingGets401() {
        EventStream stream = hub.open(topics(topic), MercureHub.NOBODY);

        hub.publishPrivately(topic, "private");

        assertThat(stream.status()).isEqualTo(200);
        hub.assertReceivedOnly(stream, topic);
        assertThat(post(MercureHub.NOBODY).status()).isEqualTo(401);
    }
}
