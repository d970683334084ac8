package dev.herald.soak;

import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.herald.sse.Message;

import static org.assertj.core.api.Assertions.assertThat;

class ReceiverTest {
    private static final long SEED = 1;
    private static final OptionalLong NO_RETRY = OptionalLong.empty();
    private static final Message LIVE = new Message("#cursor", "live", "{}");
    private static final String ID = "urn:uuid:019a0000-0000-7000-8000-000000000000";

    private final Faults faults = new Faults(fault -> {});
    private final Receiver anonymous = receiver("anonymous");
    private final Receiver all = receiver("all");
    private final Receiver allBooks = receiver("all-books");
    private final Receiver since = receiver("since");

    @Test
    void updateAsSentIsNoFault() {
        long attempt = attempt(false);

        receive(anonymous, attempt, Plan.of(SEED, attempt).received(attempt));

        assertThat(faults.kept()).isEmpty();
        assertThat(anonymous.take()).hasSize(1);
    }

    @Test
    void privateUpdateWithoutGrantIsReported() {
        long attempt = attempt(true);

        receive(anonymous, attempt, Plan.of(SEED, attempt).received(attempt));

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what is not for it");
    }

    @Test
    void privateUpdateWithTheGrantOfAnotherTopicIsReported() {
        long attempt = attempt(plan -> plan.isPrivate() && plan.topics().equals(List.of("news")));

        receive(allBooks, attempt, Plan.of(SEED, attempt).received(attempt));

        assertThat(faults.kept()).singleElement().asString().startsWith("all-books: received what is not for it");
    }

    @Test
    void privateUpdateWithItsGrantIsNoFault() {
        long attempt = attempt(plan -> plan.isPrivate() && plan.topics().equals(List.of("/books/1")));

        receive(allBooks, attempt, Plan.of(SEED, attempt).received(attempt));

        assertThat(faults.kept()).isEmpty();
    }

    @Test
    void updateWithoutItsRetryIsReported() {
        long attempt = attempt(plan -> !plan.isPrivate() && plan.retry().isPresent());

        anonymous.receive(message(attempt, Plan.of(SEED, attempt).received(attempt)), NO_RETRY);

        assertThat(faults.kept()).singleElement().asString().endsWith("as retry");
    }

    @Test
    void changedDataIsReported() {
        long attempt = attempt(false);

        receive(anonymous, attempt, Plan.of(SEED, attempt).received(attempt) + "x");

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what was not sent so");
    }

    @Test
    void gapEventIsKeptInItsPlace() {
        anonymous.receive(new Message("cursor", "gap", "{\"resumedAt\":\"earliest\"}"), NO_RETRY);

        assertThat(anonymous.take()).singleElement().isInstanceOf(Arrival.Gap.class);
    }

    @Test
    void streamAfterARepeatedIdIsKeptInItsPlace() {
        Opening opening = Opening.choose(anonymous.kind(), "again[2-0]", true, false, new Random(SEED));

        anonymous.opened(opening, 7);

        assertThat(anonymous.take()).singleElement().isInstanceOfSatisfying(Arrival.Resumed.class, resumed -> {
            assertThat(resumed.idHash()).isEqualTo("again[2-0]".hashCode());
            assertThat(resumed.requestedAt()).isEqualTo(7);
        });
    }

    @Test
    void oneLiveEventForEachSinceIsNoFault() {
        since.opened(Opening.choose(since.kind(), "", true, false, new Random(SEED)), 7);
        assertThat(since.hasReached(0)).isFalse();

        since.receive(LIVE, NO_RETRY);

        assertThat(faults.kept()).isEmpty();
        assertThat(since.hasReached(0)).isTrue();
    }

    @Test
    void secondLiveEventIsReported() {
        since.opened(Opening.choose(since.kind(), "", true, false, new Random(SEED)), 7);
        since.receive(LIVE, NO_RETRY);
        since.receive(LIVE, NO_RETRY);

        assertThat(faults.kept()).singleElement().asString().startsWith("since: an end of the replay that is not due");
    }

    @Test
    void liveEventWithoutSinceIsReported() {
        anonymous.opened(Opening.choose(anonymous.kind(), "id", true, false, new Random(SEED)), 7);

        anonymous.receive(LIVE, NO_RETRY);

        assertThat(faults.kept())
                .singleElement()
                .asString()
                .startsWith("anonymous: an end of the replay that is not due");
    }

    @Test
    void subscriptionThatBeginsAfterItsEndIsReported() {
        all.receive(presence(true), NO_RETRY);
        all.receive(presence(false), NO_RETRY);
        assertThat(faults.kept()).isEmpty();

        all.receive(presence(true), NO_RETRY);

        assertThat(faults.kept()).containsExactly("all: subscription /s/1 is active=true after active=false");
    }

    @Test
    void subscriptionMayBeginAgainAfterARepeatedId() {
        all.receive(presence(true), NO_RETRY);
        all.receive(presence(false), NO_RETRY);

        all.opened(Opening.choose(all.kind(), "again[2-0]", true, false, new Random(SEED)), 7);
        all.receive(presence(true), NO_RETRY);

        assertThat(faults.kept()).isEmpty();
    }

    @Test
    void updateAboutASubscriptionWithoutGrantIsReported() {
        anonymous.receive(presence(true), NO_RETRY);

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what nobody sent it");
    }

    private static Kind kind(String name) {
        return Kind.all().stream()
                .filter(kind -> kind.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private Receiver receiver(String kind) {
        return new Receiver(kind(kind), SEED, new Tally(), faults);
    }

    private static void receive(Receiver receiver, long attempt, String data) {
        receiver.receive(message(attempt, data), Plan.of(SEED, attempt).retry());
    }

    private static long attempt(boolean isPrivate) {
        return attempt(plan -> plan.isPrivate() == isPrivate);
    }

    private static long attempt(Predicate<Plan> wanted) {
        return LongStream.range(0, 1_000)
                .map(sequence -> Attempt.of(2, sequence, 0))
                .filter(attempt -> wanted.test(Plan.of(SEED, attempt)))
                .findFirst()
                .orElseThrow();
    }

    private static Message message(long attempt, String data) {
        Plan plan = Plan.of(SEED, attempt);
        return new Message(plan.id(attempt).orElse(ID), plan.type().orElse("message"), data);
    }

    private static Message presence(boolean active) {
        return new Message(
                ID, "message", "{\"@context\":\"https://mercure.rocks/\",\"id\":\"/s/1\",\"active\":" + active + "}");
    }
}
