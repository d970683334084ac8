package dev.herald.log.local;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;

import dev.herald.event.EventId;

/**
 * Generator of event ids: UUIDv7, each higher than all before from this generator (RFC 9562 §6.2), with 48 new random bits. It draws random
 * bits in blocks, since drawing them for each id costs several times as much. Not thread-safe.
 */
final class GeneratedIds implements Supplier<EventId> {
    private static final int BLOCK_BYTES = 4_096;

    private final SecureRandom random;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
    private final TimeOrderedEpochFactory uuids;
    private long newestMillis;

    GeneratedIds(SecureRandom random) {
        this.random = random;
        this.uuids = TimeOrderedEpochFactory.builder()
                .withTimeFunction(this::millis)
                .withRandomFunction(this::bits)
                .build();
    }

    @Override
    public EventId get() {
        return new EventId("urn:uuid:" + uuids.create());
    }

    /** Never goes back, as the system's clock may. */
    private long millis() {
        newestMillis = Math.max(newestMillis, System.currentTimeMillis());
        return newestMillis;
    }

    private long bits() {
        if (!block.hasRemaining()) {
            random.nextBytes(block.array());
            block.clear();
        }
        return block.getLong();
    }
}
