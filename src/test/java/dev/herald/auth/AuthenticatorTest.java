package dev.herald.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.TokenRejection;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AuthenticatorTest {
    private static final String PUBLISHER_KEY = "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET;
    private static final String SUBSCRIBER_KEY = "herald.auth.subscriber.key=" + TokenMint.WELL_KNOWN_SECRET;
    private static final Optional<String> NO_TOKEN = Optional.empty();
    private static final Optional<String> BAD_TOKEN = Optional.of("bad");

    private final MovingClock clock = new MovingClock();

    private static Optional<String> token(String claims) {
        return Optional.of(TokenMint.wellKnown().token(claims));
    }

    private static List<Topic> topics(String... names) {
        return List.of(names).stream().map(Topic::new).toList();
    }

    @Test
    void m15EveryTopicOfUpdateRequiresGrant() {
        Authenticator authenticator = authenticator(clock, PUBLISHER_KEY);

        Grants grants = granted(authenticator.publisher(token("{\"mercure\":{\"publish\":[\"a\",\"b\"]}}")));

        assertThat(grants.mayPublish(topics("a", "b")).complete()).isTrue();
        assertThat(grants.mayPublish(topics("a", "c")).complete()).isFalse();
        assertThat(grants.anonymous()).isFalse();
    }

    @Test
    void m15TokenWithoutPublishClaimCannotPublish() {
        Authenticator authenticator = authenticator(clock, PUBLISHER_KEY);

        for (String claims :
                List.of("{}", "{\"mercure\":{}}", "{\"mercure\":{\"publish\":[]}}", "{\"mercure\":null}")) {
            Grants grants = granted(authenticator.publisher(token(claims)));

            assertThat(grants.mayPublish(topics("a")).complete()).as(claims).isFalse();
        }
    }

    @Test
    void m4SubscriberTokenGrantsPrivateTopics() {
        Authenticator authenticator = authenticator(clock, SUBSCRIBER_KEY);

        Grants grants = granted(
                authenticator.subscriber(
                        token(
                                "{\"exp\":1900000000.7,\"mercure\":{\"subscribe\":[\"a\",\"*\"],\"payload\":{\"user\":[1.50,null]}}}")));

        assertThat(grants.subscribe()).containsExactly(TopicSelector.parse("a"), TopicSelector.parse("*"));
        assertThat(grants.mayRead(new Topic("/.well-known/mercure/subscriptions"))
                        .complete())
                .isTrue();
        assertThat(grants.payload()).contains("{\"user\":[1.50,null]}");
        assertThat(grants.expiry()).contains(Instant.ofEpochSecond(1_900_000_000));
    }

    @Test
    void m4TokenWithoutSubscribeClaimGrantsNoPrivateTopic() {
        Authenticator authenticator = authenticator(clock, SUBSCRIBER_KEY);

        Grants grants = granted(authenticator.subscriber(token("{}")));

        assertThat(grants.subscribe()).isEmpty();
        assertThat(grants.mayRead(new Topic("a")).complete()).isFalse();
        assertThat(grants.payload()).isEmpty();
        assertThat(grants.expiry()).isEmpty();
    }

    @Test
    void m21PublishersAndSubscribersHaveSeparateKeys() {
        Authenticator authenticator =
                authenticator(clock, PUBLISHER_KEY, "herald.auth.subscriber.key=another secret of 32 bytes or more");

        assertThat(granted(authenticator.publisher(token("{}"))).anonymous()).isFalse();
        assertThat(rejection(authenticator.subscriber(token("{}"))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("signature");
    }

    @Test
    void m22InvalidTokenIsRejectedOnOpenHub() {
        Authenticator authenticator = authenticator(clock, "herald.open=true", PUBLISHER_KEY, SUBSCRIBER_KEY);

        assertThat(rejection(authenticator.publisher(BAD_TOKEN))).isInstanceOf(InvalidTokenException.class);
        assertThat(rejection(authenticator.subscriber(BAD_TOKEN))).isInstanceOf(InvalidTokenException.class);
        assertThat(granted(authenticator.publisher(NO_TOKEN)).anonymous()).isTrue();
        assertThat(granted(authenticator.subscriber(token("{}"))).anonymous()).isFalse();
    }

    @Test
    void tokensAreIgnoredOnOpenHubWithoutKeys() {
        Authenticator authenticator = authenticator(clock, "herald.open=true");

        Grants publisher = granted(authenticator.publisher(BAD_TOKEN));
        Grants subscriber = granted(authenticator.subscriber(token("{\"mercure\":{\"subscribe\":[\"*\"]}}")));

        assertThat(publisher.anonymous()).isTrue();
        assertThat(publisher.mayPublish(topics("a", "b")).complete()).isTrue();
        assertThat(subscriber.anonymous()).isTrue();
        assertThat(subscriber.subscribe()).as("private topics").isEmpty();
        assertThat(authenticator.verifiesTokens()).isFalse();
    }

    @Test
    void m27AnonymousSubscribingAndPublishingAreSeparateSettings() {
        Authenticator reading = authenticator(clock, PUBLISHER_KEY, "herald.auth.anonymous.subscribe=true");
        Authenticator writing = authenticator(clock, SUBSCRIBER_KEY, "herald.auth.anonymous.publish=true");

        assertThat(granted(reading.subscriber(NO_TOKEN)).subscribe()).isEmpty();
        assertThat(rejection(reading.publisher(NO_TOKEN))).isInstanceOf(MissingTokenException.class);
        assertThat(granted(writing.publisher(NO_TOKEN)).mayPublish(topics("a")).complete())
                .isTrue();
        assertThat(rejection(writing.subscriber(NO_TOKEN))).isInstanceOf(MissingTokenException.class);
    }

    @Test
    void e13SubscriberByTokenIsRejectedWithoutOneWhereAnonymousAccessIsAllowed() {
        Authenticator authenticator =
                authenticator(clock, PUBLISHER_KEY, SUBSCRIBER_KEY, "herald.auth.anonymous.subscribe=true");

        assertThat(rejection(authenticator.subscriberByToken(NO_TOKEN)))
                .isInstanceOf(MissingTokenException.class)
                .hasMessageStartingWith("A token is required to subscribe.");
        assertThat(rejection(authenticator.subscriberByToken(BAD_TOKEN))).isInstanceOf(InvalidTokenException.class);
        assertThat(granted(authenticator.subscriberByToken(token("{}"))).anonymous())
                .isFalse();
        assertThat(authenticator.subscriberStats().rejected(TokenRejection.MISSING))
                .isEqualTo(1);
    }

    @Test
    void e13SubscriberByTokenIsRejectedOnOpenHubWithoutKeys() {
        Authenticator authenticator = authenticator(clock, "herald.open=true");

        assertThat(rejection(authenticator.subscriberByToken(NO_TOKEN)))
                .isInstanceOf(MissingTokenException.class)
                .hasMessageContaining("the hub has no key to verify one");
        assertThat(rejection(authenticator.subscriberByToken(token("{}")))).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void subscribersAreRejectedWithoutKey() {
        Authenticator authenticator = authenticator(clock, PUBLISHER_KEY);

        assertThat(rejection(authenticator.subscriber(NO_TOKEN)))
                .isInstanceOf(MissingTokenException.class)
                .hasMessageContaining("rejects all requests to subscribe");
        assertThat(rejection(authenticator.subscriber(token("{}"))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("no key for tokens to subscribe");
        assertThat(authenticator.rejectsAll()).isFalse();
    }

    @Test
    void hubWithoutKeysAndAnonymousAccessIsClosed() {
        assertThat(authenticator(clock).rejectsAll()).isTrue();
        assertThat(authenticator(clock, "herald.open=true").rejectsAll()).isFalse();
        assertThat(authenticator(clock, "herald.auth.anonymous.subscribe=true").rejectsAll())
                .isFalse();
    }

    @Test
    void summarizesWhoMayPublishAndSubscribe() {
        Authenticator authenticator = authenticator(clock, PUBLISHER_KEY, "herald.auth.anonymous.publish=true");

        assertThat(authenticator.publishing()).isEqualTo("anonymous,HS256");
        assertThat(authenticator.subscribing()).isEqualTo("none");
    }

    @Test
    void openHubWithoutAnonymousAccessStopsStart() {
        assertThatThrownBy(() -> authenticator(clock, "herald.open=true", "herald.auth.anonymous.publish=false"))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageStartingWith("herald.auth.anonymous.publish must not be false while herald.open is true");
    }
}
