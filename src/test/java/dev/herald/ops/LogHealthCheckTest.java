package dev.herald.ops;

import java.time.Clock;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.hub.DefaultConfig;
import dev.herald.hub.DelegatingLog;
import dev.herald.hub.Hub;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of readiness while the log accepts no updates, and while the hub drains. A closed log accepts none. */
class LogHealthCheckTest {
    private static final long BYTES = 1 << 20;

    private final EventLog log =
            new MemoryEventLog(Retention.of(10, BYTES), BYTES, BYTES, 10, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, DefaultConfig.sse());

    @AfterEach
    void close() {
        hub.close();
        log.close();
    }

    private HealthCheckResponse check(boolean whenReadOnly) {
        return new LogHealthCheck(log, hub, () -> whenReadOnly).call();
    }

    @Test
    void hubIsReadyWithAReadOnlyLogAndReportsIt() {
        log.close();

        HealthCheckResponse response = check(true);

        assertThat(response.getStatus()).isEqualTo(Status.UP);
        assertThat(response.getData())
                .hasValueSatisfying(data ->
                        assertThat(data).containsEntry("writable", false).containsEntry("draining", false));
    }

    @Test
    void hubIsNotReadyWithAReadOnlyLogIfSoConfigured() {
        assertThat(check(false).getStatus()).isEqualTo(Status.UP);
        log.close();

        assertThat(check(false).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void drainingHubIsNotReady() {
        hub.beginDrain();

        HealthCheckResponse response = check(true);

        assertThat(response.getStatus()).isEqualTo(Status.DOWN);
        assertThat(response.getData())
                .hasValueSatisfying(
                        data -> assertThat(data).containsEntry("writable", true).containsEntry("draining", true));
    }

    @Test
    void nodeThatHasWhatItsSharedLogHasLostIsNotReady() {
        EventLog ahead = new DelegatingLog(log) {
            @Override
            public boolean readable() {
                return false;
            }
        };

        assertThat(new LogHealthCheck(ahead, hub, () -> true).call().getStatus())
                .isEqualTo(Status.DOWN);
    }
}
