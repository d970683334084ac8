package dev.herald.log.local;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GeneratedIdsTest {
    private static final String PREFIX = "urn:uuid:";
    private static final long RANDOM_BITS = (1L << 48) - 1;

    /** More ids than a block of random bits has. */
    @Test
    void idsAreRisingUuidsOfVersion7WithNewRandomBits() {
        GeneratedIds generated = new GeneratedIds(new SecureRandom());
        List<String> ids = new ArrayList<>();
        List<UUID> uuids = new ArrayList<>();

        for (int i = 0; i < 5_000; i++) {
            String id = generated.get().value();
            ids.add(id);
            uuids.add(UUID.fromString(id.substring(PREFIX.length())));
        }

        assertThat(ids).isSorted().doesNotHaveDuplicates().allMatch(id -> id.startsWith(PREFIX));
        assertThat(uuids).allMatch(uuid -> uuid.version() == 7 && uuid.variant() == 2);
        assertThat(uuids.stream().map(uuid -> uuid.getLeastSignificantBits() & RANDOM_BITS))
                .doesNotHaveDuplicates();
    }
}
