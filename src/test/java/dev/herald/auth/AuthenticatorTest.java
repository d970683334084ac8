package dev.herald.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.event.Topic;
import dev.herald.event.TopicSelector;

import static dev.herald.auth.Doors.door;
import static dev.herald.auth.Doors.granted;
import static dev.herald.auth.Doors.refusal;
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
    void m15EveryTopicOfAnUpdateMustBeGranted() {
        Authenticator door = door(clock, PUBLISHER_KEY);

        Grants grants = granted(door.publisher(token("{\"mercure\":{\"publish\":[\"a\",\"b\"]}}")));

        assertThat(grants.mayPublish(topics("a", "b")).complete()).isTrue();
        assertThat(grants.mayPublish(topics("a", "c")).complete()).isFalse();
        assertThat(grants.anonymous()).isFalse();
    }

    @Test
    void m15ATokenWithoutTheClaimMayPublishNothing() {
        Authenticator door = door(clock, PUBLISHER_KEY);

        for (String claims :
                List.of("{}", "{\"mercure\":{}}", "{\"mercure\":{\"publish\":[]}}", "{\"mercure\":null}")) {
            Grants grants = granted(door.publisher(token(claims)));

            assertThat(grants.mayPublish(topics("a")).complete()).as(claims).isFalse();
        }
    }

    @Test
    void m4ASubscribersTokenGrantsPrivateTopics() {
        Authenticator door = door(clock, SUBSCRIBER_KEY);

        Grants grants = granted(
                door.subscriber(
                        token(
                                "{\"exp\":1900000000.7,\"mercure\":{\"subscribe\":[\"a\",\"*\"],\"payload\":{\"user\":[1.50,null]}}}")));

        assertThat(grants.subscribe()).containsExactly(TopicSelector.parse("a"), TopicSelector.parse("*"));
        assertThat(grants.maySee(new Topic("/.well-known/mercure/subscriptions"))
                        .complete())
                .isTrue();
        assertThat(grants.payload()).contains("{\"user\":[1.50,null]}");
        assertThat(grants.expiry()).contains(Instant.ofEpochSecond(1_900_000_000));
    }

    @Test
    void m4SubscribingToWhatIsPublicNeedsNoGrant() {
        Authenticator door = door(clock, SUBSCRIBER_KEY);

        Grants grants = granted(door.subscriber(token("{}")));

        assertThat(grants.subscribe()).isEmpty();
        assertThat(grants.maySee(new Topic("a")).complete()).isFalse();
        assertThat(grants.payload()).isEmpty();
        assertThat(grants.expiry()).isEmpty();
    }

    @Test
    void m21PublishersAndSubscribersHaveKeysOfTheirOwn() {
        Authenticator door =
                door(clock, PUBLISHER_KEY, "herald.auth.subscriber.key=another secret of 32 bytes or more");

        assertThat(granted(door.publisher(token("{}"))).anonymous()).isFalse();
        assertThat(refusal(door.subscriber(token("{}"))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("signature");
    }

    @Test
    void m22ABadTokenIsRefusedEvenWhereNoneIsNeeded() {
        Authenticator door = door(clock, "herald.open=true", PUBLISHER_KEY, SUBSCRIBER_KEY);

        assertThat(refusal(door.publisher(BAD_TOKEN))).isInstanceOf(InvalidTokenException.class);
        assertThat(refusal(door.subscriber(BAD_TOKEN))).isInstanceOf(InvalidTokenException.class);
        assertThat(granted(door.publisher(NO_TOKEN)).anonymous()).isTrue();
        assertThat(granted(door.subscriber(token("{}"))).anonymous()).isFalse();
    }

    @Test
    void openWithoutKeysTokensAreNotEvenLookedAt() {
        Authenticator door = door(clock, "herald.open=true");

        Grants publisher = granted(door.publisher(BAD_TOKEN));
        Grants subscriber = granted(door.subscriber(token("{\"mercure\":{\"subscribe\":[\"*\"]}}")));

        assertThat(publisher.anonymous()).isTrue();
        assertThat(publisher.mayPublish(topics("a", "b")).complete()).isTrue();
        assertThat(subscriber.anonymous()).isTrue();
        assertThat(subscriber.subscribe()).as("private topics").isEmpty();
        assertThat(door.verifiesTokens()).isFalse();
    }

    @Test
    void m27AnonymousSubscribingAndPublishingAreTwoSwitches() {
        Authenticator reading = door(clock, PUBLISHER_KEY, "herald.auth.anonymous.subscribe=true");
        Authenticator writing = door(clock, SUBSCRIBER_KEY, "herald.auth.anonymous.publish=true");

        assertThat(granted(reading.subscriber(NO_TOKEN)).subscribe()).isEmpty();
        assertThat(refusal(reading.publisher(NO_TOKEN))).isInstanceOf(MissingTokenException.class);
        assertThat(granted(writing.publisher(NO_TOKEN)).mayPublish(topics("a")).complete())
                .isTrue();
        assertThat(refusal(writing.subscriber(NO_TOKEN))).isInstanceOf(MissingTokenException.class);
    }

    @Test
    void aSideWithoutAKeyIsClosed() {
        Authenticator door = door(clock, PUBLISHER_KEY);

        assertThat(refusal(door.subscriber(NO_TOKEN)))
                .isInstanceOf(MissingTokenException.class)
                .hasMessageContaining("rejects all requests to subscribe");
        assertThat(refusal(door.subscriber(token("{}"))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("no key for tokens to subscribe");
        assertThat(door.closed()).isFalse();
    }

    @Test
    void aHubThatLetsNobodyInIsClosed() {
        assertThat(door(clock).closed()).isTrue();
        assertThat(door(clock, "herald.open=true").closed()).isFalse();
        assertThat(door(clock, "herald.auth.anonymous.subscribe=true").closed()).isFalse();
    }

    @Test
    void saysWhoMayComeIn() {
        Authenticator door = door(clock, PUBLISHER_KEY, "herald.auth.anonymous.publish=true");

        assertThat(door.publishing()).isEqualTo("anonymous,HS256");
        assertThat(door.subscribing()).isEqualTo("none");
    }

    @Test
    void openAndNotAnonymousContradictEachOther() {
        assertThatThrownBy(() -> door(clock, "herald.open=true", "herald.auth.anonymous.publish=false"))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageStartingWith("herald.auth.anonymous.publish must not be false while herald.open is true");
    }
}
