package dev.herald.limit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.limit.TestLimits.Of;

import static dev.herald.limit.TestLimits.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the number of streams that a client may have. */
class StreamLimitsTest {
    private static StreamLimits limits(Of subject, Of address) {
        return new StreamLimits(TestLimits.of(subject, address));
    }

    private static Client client(String subject, String address) {
        return Client.of(Optional.ofNullable(subject), IpAddress.parse(address).orElseThrow());
    }

    private static boolean admits(StreamLimits limits, Client client) {
        StreamSlot slot = limits.open(client);
        slot.close();
        return slot.rejection().isEmpty();
    }

    @Test
    void withoutALimitNothingIsCounted() {
        StreamLimits limits = limits(NONE, NONE);

        limits.open(client("s", "192.0.2.1"));

        assertThat(limits.enabled()).isFalse();
        assertThat(limits.clients()).isZero();
    }

    @Test
    void streamBeyondTheLimitIsRejectedUntilOneEnds() {
        StreamLimits limits = limits(NONE, Of.streams(2));
        Client client = client(null, "192.0.2.1");
        StreamSlot first = limits.open(client);
        limits.open(client);

        assertThat(limits.open(client).rejection())
                .contains("Clients of this address have 2 open streams, as many as are allowed.");
        first.close();
        assertThat(admits(limits, client)).isTrue();
    }

    @Test
    void subjectAndAddressCountSeparately() {
        StreamLimits limits = limits(Of.streams(1), Of.streams(2));
        limits.open(client("a", "192.0.2.1"));

        assertThat(limits.open(client("a", "192.0.2.2")).rejection())
                .contains("The subject of this token has 1 open stream, as many as are allowed.");
        limits.open(client("b", "192.0.2.1"));
        assertThat(admits(limits, client("c", "192.0.2.1"))).isFalse();
        assertThat(admits(limits, client(null, "192.0.2.1"))).isFalse();
        assertThat(admits(limits, client("c", "192.0.2.2")))
                .as("the rejected stream counts nowhere")
                .isTrue();
    }

    @Test
    void slotIsGivenBackOnce() {
        StreamLimits limits = limits(Of.streams(2), Of.streams(2));
        Client client = client("s", "192.0.2.1");
        StreamSlot slot = limits.open(client);
        limits.open(client);

        slot.close();
        slot.close();
        slot.closing().run();

        assertThat(admits(limits, client)).isTrue();
        limits.open(client);
        assertThat(admits(limits, client)).isFalse();
    }

    @Test
    void reopenedSlotCountsAgain() {
        StreamLimits limits = limits(Of.streams(1), Of.streams(1));
        Client client = client("s", "192.0.2.1");
        StreamSlot slot = limits.open(client);

        slot.reopen();
        slot.close();
        assertThat(admits(limits, client)).isTrue();
        slot.reopen();
        assertThat(admits(limits, client)).isFalse();
    }

    @Test
    void clientWithoutStreamsIsForgotten() {
        StreamLimits limits = limits(Of.streams(1), Of.streams(1));
        List<StreamSlot> slots = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slots.add(limits.open(client("s" + i, "192.0.2." + i)));
            limits.open(client("s" + i, "192.0.2.200"));
        }
        assertThat(limits.clients()).isEqualTo(200);

        slots.forEach(StreamSlot::close);

        assertThat(limits.clients()).isZero();
    }

    @Test
    void severalThreadsGetTheLimitOnceTogether() throws Exception {
        StreamLimits limits = limits(NONE, Of.streams(1_000));
        Client client = client(null, "192.0.2.1");
        Collection<StreamSlot> slots = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                done.add(threads.submit(() -> {
                    for (int j = 0; j < 500; j++) {
                        slots.add(limits.open(client));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(slots.stream().filter(slot -> slot.rejection().isEmpty())).hasSize(1_000);
        slots.forEach(StreamSlot::close);
        assertThat(limits.clients()).isZero();
    }
}
