package dev.herald.limit;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.github.benmanes.caffeine.cache.Cache;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.limit.TestLimits.Of;

import static dev.herald.limit.TestLimits.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Tests of the rates of publishing, on a clock that the test moves. A burst is 2 s. */
class PublishLimitsTest {
    private static final long LARGEST = 1_000;
    private static final long TABLE_BYTES = 1 << 20;

    private final MovingTicker ticker = new MovingTicker();

    private PublishLimits limits(Of subject, Of address) {
        return new PublishLimits(TestLimits.of(subject, address), LARGEST, TABLE_BYTES, ticker);
    }

    private static Client client(String subject, String address) {
        return Client.of(Optional.ofNullable(subject), IpAddress.parse(address).orElseThrow());
    }

    private static final Client ANYONE = client(null, "192.0.2.1");

    private static PublishCharge publish(PublishLimits limits, Client client, long bytes) {
        PublishCharge charge = limits.charge(client).orElseThrow();
        charge.begin(0, bytes);
        return charge;
    }

    private static QuotaExceededException rejected(PublishLimits limits, Client client, long bytes) {
        return catchThrowableOfType(QuotaExceededException.class, () -> publish(limits, client, bytes));
    }

    private static int accepted(PublishLimits limits, Client client) {
        int accepted = 0;
        while (rejected(limits, client, 0) == null) {
            accepted++;
        }
        return accepted;
    }

    @Test
    void withoutALimitNothingIsCharged() {
        PublishLimits limits = limits(NONE, NONE);

        assertThat(limits.enabled()).isFalse();
        assertThat(limits.charge(client("s", "192.0.2.1"))).isEmpty();
    }

    @Test
    void clientMayPublishTheBurstAtOnceAndThenTheRate() {
        PublishLimits limits = limits(NONE, Of.updates(5));

        assertThat(accepted(limits, ANYONE)).isEqualTo(10);
        assertThat(accepted(limits, ANYONE)).isZero();
        ticker.advance(Duration.ofMillis(199));
        assertThat(accepted(limits, ANYONE)).isZero();
        ticker.advance(Duration.ofMillis(1));
        assertThat(accepted(limits, ANYONE)).isOne();
        ticker.advance(Duration.ofHours(1));
        assertThat(accepted(limits, ANYONE)).isEqualTo(10);
    }

    @Test
    void eachUpdateOfARequestIsCharged() {
        PublishLimits limits = limits(NONE, Of.updates(5));
        PublishCharge charge = limits.charge(ANYONE).orElseThrow();
        charge.begin(10, 0);

        charge.add(4);
        charge.add(3);
        charge.settle();

        assertThat(accepted(limits, ANYONE)).isEqualTo(2);
    }

    /** Whoever waits as long as the answer says must not have to wait again. */
    @Test
    void rejectedRequestOfManyUpdatesUsesUpNoneOfThem() {
        PublishLimits limits = limits(NONE, Of.updates(5));
        limits.charge(ANYONE).orElseThrow().begin(10, 0);
        limits.charge(ANYONE).orElseThrow().begin(10, 0);
        PublishCharge charge = limits.charge(ANYONE).orElseThrow();
        charge.begin(10, 0);
        charge.add(4);
        charge.add(4);

        assertThatThrownBy(charge::settle).isInstanceOfSatisfying(QuotaExceededException.class, rejected -> assertThat(
                        rejected.retryAfterSeconds())
                .as("until the whole request of 9 fits")
                .isEqualTo(1));
        assertThat(accepted(limits, ANYONE)).isEqualTo(7);
    }

    /** No time to retry would be true. */
    @Test
    void requestThatNoFullBucketAdmitsIsTooLarge() {
        PublishCharge charge = limits(NONE, Of.updates(5)).charge(ANYONE).orElseThrow();
        charge.begin(10, 0);

        assertThatThrownBy(() -> charge.add(10))
                .isInstanceOf(BatchTooLargeException.class)
                .hasMessage("Clients of this address may publish 5 updates a second, and 10 after a pause. Send at most"
                        + " 10 updates in a request.");
    }

    @Test
    void rejectionSaysWhenToRetryAndWhy() {
        PublishLimits limits = limits(
                NONE, new Of(Of.updates(1).updatesPerSecond(), Of.bytes(100).bytesPerSecond(), NONE.streams()));
        publish(limits, ANYONE, 900);

        QuotaExceededException bytes = rejected(limits, ANYONE, 350);
        QuotaExceededException updates = catchThrowableOfType(QuotaExceededException.class, () -> {
            publish(limits, ANYONE, 0);
            publish(limits, ANYONE, 0);
        });

        assertThat(bytes.ofBytes()).isTrue();
        assertThat(bytes.retryAfterSeconds()).as("2.5 s, rounded up").isEqualTo(3);
        assertThat(bytes)
                .hasMessage("Clients of this address may publish 100 bytes a second, and 1,000 after a pause."
                        + " Retry after 3 s.");
        assertThat(updates.ofBytes()).isFalse();
        assertThat(updates.retryAfterSeconds()).isOne();
    }

    @Test
    void retryAfterCoversEveryQuotaThatIsUsedUp() {
        PublishLimits limits = limits(Of.updates(1), Of.bytes(100));
        Client client = client("s", "192.0.2.1");
        publish(limits, client, 1_000);
        publish(limits, client, 0);

        QuotaExceededException rejection = rejected(limits, client, 1_000);

        assertThat(rejection.retryAfterSeconds()).isEqualTo(10);
        ticker.advance(Duration.ofSeconds(rejection.retryAfterSeconds()));
        assertThat(rejected(limits, client, 1_000)).isNull();
    }

    @Test
    void subjectAndAddressCountSeparately() {
        PublishLimits limits = limits(Of.updates(1), Of.updates(2));

        assertThat(accepted(limits, client("a", "192.0.2.1"))).as("by subject").isEqualTo(2);
        assertThat(accepted(limits, client("a", "192.0.2.2")))
                .as("the same subject elsewhere")
                .isZero();
        assertThat(accepted(limits, client("b", "192.0.2.1")))
                .as("the rest of the address")
                .isEqualTo(2);
        assertThat(accepted(limits, client("c", "192.0.2.1"))).as("by address").isZero();
        assertThat(accepted(limits, client(null, "192.0.2.2"))).as("no subject").isEqualTo(4);
    }

    @Test
    void tokenWithoutASubjectIsNotCountedBySubject() {
        PublishLimits limits = limits(Of.updates(1), NONE);

        assertThat(limits.charge(client(null, "192.0.2.1"))).isEmpty();
    }

    @Test
    void rejectedRequestTakesNothingFromOtherQuotas() {
        PublishLimits limits = limits(Of.updates(1), Of.updates(1));
        assertThat(accepted(limits, client(null, "192.0.2.1"))).isEqualTo(2);

        assertThat(rejected(limits, client("s", "192.0.2.1"), 0)).isNotNull();
        assertThat(accepted(limits, client("s", "192.0.2.2"))).isEqualTo(2);
    }

    @Test
    void addressesOfOneIpv6NetworkShareAQuota() {
        PublishLimits limits = limits(NONE, Of.updates(1));

        assertThat(accepted(limits, client(null, "2001:db8::1"))).isEqualTo(2);
        assertThat(accepted(limits, client(null, "2001:db8::ffff:ffff:ffff:ffff")))
                .isZero();
        assertThat(accepted(limits, client(null, "2001:db8:0:1::1"))).isEqualTo(2);
    }

    @Test
    void largestRequestFitsHoweverSmallTheRate() {
        PublishLimits limits = limits(NONE, Of.bytes(1));

        assertThat(rejected(limits, ANYONE, LARGEST)).isNull();
        assertThat(rejected(limits, ANYONE, LARGEST).retryAfterSeconds()).isEqualTo(LARGEST);
    }

    @Test
    void urlCountsAmongTheBytes() {
        PublishLimits limits = limits(NONE, Of.bytes(1));
        limits.charge(ANYONE).orElseThrow().begin(600, 300);

        assertThat(rejected(limits, ANYONE, 101)).isNotNull();
        assertThat(rejected(limits, ANYONE, 100)).isNull();
    }

    @Test
    void bodyOfUnknownLengthIsChargedAsItArrives() {
        PublishLimits limits = limits(NONE, Of.bytes(100));
        PublishCharge charge = publish(limits, ANYONE, 0);

        assertThat(charge.receive(600)).isTrue();
        assertThat(charge.receive(400)).isTrue();
        assertThatThrownBy(() -> charge.receive(200))
                .isInstanceOfSatisfying(
                        QuotaExceededException.class, rejection -> assertThat(rejection.retryAfterSeconds())
                                .as("until as much as has arrived fits")
                                .isEqualTo(10));
    }

    @Test
    void announcedBodyIsChargedOnceAndBeyondItAsItArrives() {
        PublishLimits limits = limits(NONE, Of.bytes(100));
        PublishCharge charge = publish(limits, ANYONE, 500);

        assertThat(charge.receive(500)).isFalse();
        assertThat(charge.remaining()).isEqualTo("\"address-bytes\";r=500;t=5");
        assertThat(charge.receive(100)).isTrue();
        assertThat(charge.remaining()).isEqualTo("\"address-bytes\";r=400;t=6");
    }

    @Test
    void fieldsHaveEachQuotaOfTheClient() {
        PublishLimits limits = limits(Of.updates(5), Of.updates(50).andBytes(100));

        PublishCharge named = publish(limits, client("s", "192.0.2.1"), 150);
        PublishCharge unnamed = publish(limits, client(null, "192.0.2.2"), 150);

        assertThat(named.policies())
                .isEqualTo("\"subject-updates\";q=10;w=2, \"address-updates\";q=100;w=2,"
                        + " \"address-bytes\";q=1000;qu=\"content-bytes\";w=10");
        assertThat(named.remaining())
                .isEqualTo("\"subject-updates\";r=9;t=1, \"address-updates\";r=99;t=1, \"address-bytes\";r=850;t=2");
        assertThat(unnamed.policies())
                .isEqualTo("\"address-updates\";q=100;w=2, \"address-bytes\";q=1000;qu=\"content-bytes\";w=10");
    }

    @Test
    void fieldsOfARejectionNameTheTimeOfRetryAfter() {
        PublishLimits limits = limits(Of.updates(5), Of.bytes(100));
        Client client = client("s", "192.0.2.1");
        publish(limits, client, 1_000);
        PublishCharge charge = limits.charge(client).orElseThrow();

        assertThatThrownBy(() -> charge.begin(0, 300)).isInstanceOf(QuotaExceededException.class);

        assertThat(charge.remaining()).isEqualTo("\"subject-updates\";r=9;t=1, \"address-bytes\";r=0;t=3");
    }

    @Test
    void severalThreadsGetTheQuotaOnceTogether() throws Exception {
        PublishLimits limits = limits(Of.updates(500), Of.updates(1_000_000));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Client client = client("s", "192.0.2." + i);
                counts.add(threads.submit(() -> accepted(limits, client)));
            }
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }

            assertThat(sum).isEqualTo(1_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void tableIsBoundedForAnyPublishers() {
        BucketTable table = new BucketTable(
                List.of(new RatePolicy(RatePolicy.Kind.ADDRESS, RatePolicy.Unit.UPDATES, 1, 10)), 80_000, ticker);

        IntStream.range(0, 10_000).forEach(i -> table.of("client" + i));

        assertThat(table.size()).isBetween(1L, 100L);
    }

    @Test
    void clientsInMemoryAreCountedByWhatNamesThem() {
        PublishLimits limits = new PublishLimits(TestLimits.of(NONE, Of.updates(10)), LARGEST, 80_000, ticker);
        assertThat(limits.addresses()).hasValue(new PublishLimits.Clients(0, 100));

        publish(limits, client("anna", "10.0.0.1"), 0);
        publish(limits, client("anna", "10.0.0.2"), 0);

        assertThat(limits.addresses()).hasValue(new PublishLimits.Clients(2, 100));
        assertThat(limits.subjects()).as("without a limit").isEmpty();
    }

    @Test
    void clientThatPublishesOftenStaysInAFullTable() {
        PublishLimits limits = new PublishLimits(TestLimits.of(NONE, Of.updates(10)), LARGEST, 80_000, ticker);
        assertThat(accepted(limits, ANYONE)).isEqualTo(20);

        for (int i = 0; i < 1_000; i++) {
            publish(limits, client(null, "10.0." + i / 256 + "." + i % 256), 0);
            assertThat(i % 10 > 0 || rejected(limits, ANYONE, 0) != null)
                    .as("after %d others", i)
                    .isTrue();
        }
    }

    @Test
    void idleClientIsEvictedWhenItsBucketIsFull() {
        BucketTable table = new BucketTable(
                List.of(new RatePolicy(RatePolicy.Kind.ADDRESS, RatePolicy.Unit.UPDATES, 1, 10)), 80_000, ticker);
        table.of("client");

        ticker.advance(Duration.ofSeconds(9));
        assertThat(table.size()).isOne();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(table.size()).isZero();
    }

    /** Caffeine loads them by name, so a native image lacks them unless they are registered for reflection. */
    @Test
    void classesOfTheTableAreRegisteredForANativeImage() throws ReflectiveOperationException {
        BucketTable table = new BucketTable(
                List.of(new RatePolicy(RatePolicy.Kind.ADDRESS, RatePolicy.Unit.UPDATES, 1, 10)), 80_000, ticker);
        table.of("client");
        Field clients = BucketTable.class.getDeclaredField("clients");
        clients.setAccessible(true);
        Object cache = ((Cache<?, ?>) clients.get(table)).asMap();
        Field nodes =
                cache.getClass().getSuperclass().getSuperclass().getSuperclass().getDeclaredField("data");
        nodes.setAccessible(true);
        Object node = ((Map<?, ?>) nodes.get(cache)).values().iterator().next();

        assertThat(List.of(BucketTable.class
                        .getAnnotation(RegisterForReflection.class)
                        .classNames()))
                .containsExactlyInAnyOrder(
                        cache.getClass().getName(), node.getClass().getName());
    }
}
