package dev.herald.log.sqlite.columns;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.EventId;

import static org.assertj.core.api.Assertions.assertThat;

class StoredIdTest {

    @Test
    void canonicalUuidIsStoredIn16Bytes() {
        for (int i = 0; i < 1_000; i++) {
            EventId id = new EventId("urn:uuid:" + UUID.randomUUID());

            byte[] bytes = StoredId.uuid(id);

            assertThat(bytes).hasSize(16);
            assertThat(StoredId.read(bytes, false)).isEqualTo(id);
        }
    }

    /** Each of them is another id than the one that 16 bytes would restore. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "01234567-89ab-7def-8123-456789abcdef",
                "urn:uuid:01234567-89AB-7def-8123-456789abcdef",
                "URN:uuid:01234567-89ab-7def-8123-456789abcdef",
                "urn:uuid:0123456789ab-7def-8123-4-56789abcdef",
                "urn:uuid:01234567089ab-7def-8123-456789abcdef",
                "urn:uuid:01234567-89ab-7def-8123-456789abcde-",
                "urn:uuid:01234567-89ab-7def-8123-456789abcdeg",
                "urn:uuid:01234567-89ab-7def-8123-456789abcdef0",
                "urn:uuid:1-1-1-1-1                           ",
                "urn:uuid:01234567-89ab-7def-8123-456789abcde\u0661",
                "urn:uuid-01234567-89ab-7def-8123-456789abcdef"
            })
    void otherIdsAreStoredAsText(String id) {
        assertThat(StoredId.uuid(new EventId(id))).isEmpty();
    }
}
