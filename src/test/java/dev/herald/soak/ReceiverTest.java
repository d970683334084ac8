package dev.herald.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.herald.sse.Message;

import static org.assertj.core.api.Assertions.assertThat;

class ReceiverTest {
    private static final long SEED = 1;
    private static final String ID = "urn:uuid:019a0000-0000-7000-8000-000000000000";

    private final Faults faults = new Faults(fault -> {});
    private final Receiver anonymous = new Receiver(kind("anonymous"), SEED, faults);
    private final Receiver all = new Receiver(kind("all"), SEED, faults);

    @Test
    void updateAsSentIsNoFault() {
        long attempt = attempt(false);

        anonymous.receive(message(attempt, Plan.of(SEED, attempt).received(attempt)));

        assertThat(faults.kept()).isEmpty();
        assertThat(anonymous.take()).hasSize(1);
    }

    @Test
    void privateUpdateWithoutGrantIsReported() {
        long attempt = attempt(true);

        anonymous.receive(message(attempt, Plan.of(SEED, attempt).received(attempt)));

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what is not for it");
    }

    @Test
    void changedDataIsReported() {
        long attempt = attempt(false);

        anonymous.receive(message(attempt, Plan.of(SEED, attempt).received(attempt) + "x"));

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what was not sent so");
    }

    @Test
    void gapEventIsKeptInItsPlace() {
        anonymous.receive(new Message("cursor", "gap", "{\"resumedAt\":\"earliest\"}"));

        assertThat(anonymous.take()).isEqualTo(List.of(Stored.GAP));
    }

    @Test
    void subscriptionThatBeginsAfterItsEndIsReported() {
        all.receive(presence(true));
        all.receive(presence(false));
        assertThat(faults.kept()).isEmpty();

        all.receive(presence(true));

        assertThat(faults.kept()).containsExactly("all: subscription /s/1 is active=true after active=false");
    }

    @Test
    void updateAboutASubscriptionWithoutGrantIsReported() {
        anonymous.receive(presence(true));

        assertThat(faults.kept()).singleElement().asString().startsWith("anonymous: received what nobody sent it");
    }

    private static Kind kind(String name) {
        return Kind.all().stream()
                .filter(kind -> kind.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static long attempt(boolean isPrivate) {
        return LongStream.range(0, 1_000)
                .map(sequence -> Attempt.of(2, sequence, 0))
                .filter(attempt -> Plan.of(SEED, attempt).isPrivate() == isPrivate)
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
