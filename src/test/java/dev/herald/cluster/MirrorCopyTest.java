package dev.herald.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.EventId;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MirrorCopyTest {
    @TempDir
    Path directory;

    private final InProcessLog shared = new InProcessLog(Clock.systemUTC());
    private final List<Control> carriedOut = new ArrayList<>();
    private boolean failing = true;

    private void carryOut(UUID token, Control order) {
        if (failing) {
            throw new EventLogException("The disk is full.");
        }
        carriedOut.add(order);
    }

    /** Otherwise the node keeps what was to be purged, or lets in who was revoked. */
    @Test
    void orderThatFailsIsCarriedOutWhenItIsReadAgain() {
        Control order = new Control.Purging(new Purge.OfId(new EventId("secret")));
        try (SharedSession session = shared.connect();
                SqliteEventLog mirror = SqliteEventLog.openMirror(
                        directory,
                        session.identity(),
                        Durability.COMMIT,
                        Nodes.PLENTY,
                        1 << 20,
                        MemoryBudget.unlimited(),
                        Clock.systemUTC())) {
            session.append(
                    new SharedBatch(UUID.randomUUID(), List.of(new SharedBatch.Order(order))), Retention.Keys.DEFAULT);
            MirrorCopy copy =
                    new MirrorCopy(mirror, new PendingBatches(0, new AckCounters(), released -> {}), this::carryOut);

            assertThatThrownBy(() -> copy.apply(session.read(copy.position(), Long.MAX_VALUE)))
                    .hasMessage("The disk is full.");
            failing = false;
            copy.apply(session.read(copy.position(), Long.MAX_VALUE));

            assertThat(carriedOut).containsExactly(order);
            assertThat(copy.position()).isEqualTo(1);
        }
    }
}
