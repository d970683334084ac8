package dev.herald.connection;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the memory reserved by HTTP/2 requests while they are open. */
class OpenRequestsTest {
    private static final Http2Headers SHORT = new DefaultHttp2Headers().path("/");
    private static final Http2Headers LONG = new DefaultHttp2Headers().path("/").set("x", "x".repeat(50_000));

    private final MemoryBudget budget = new MemoryBudget(100_000);
    private final OpenRequests requests = new OpenRequests(budget);

    @Test
    void requestsAreAcceptedWhileTheBudgetHasMemory() {
        assertThat(requests.open(1, LONG)).isTrue();
        assertThat(requests.open(3, LONG)).isFalse();

        requests.close(1);

        assertThat(requests.open(5, LONG)).isTrue();
    }

    @Test
    void shortRequestsReserveMemory() {
        int opened = 0;
        while (requests.open(1 + 2 * opened, SHORT)) {
            opened++;
        }

        assertThat(opened).isBetween(10, 100);
    }

    @Test
    void closingTwiceReleasesAReservationOnce() {
        requests.open(1, SHORT);
        requests.open(3, LONG);
        requests.open(5, LONG);

        requests.close(1);
        requests.close(1);
        requests.close(3);
        requests.close(5);

        assertThat(budget.reserved()).isZero();
    }
}
