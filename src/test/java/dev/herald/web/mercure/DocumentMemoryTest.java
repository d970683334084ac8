package dev.herald.web.mercure;

import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import dev.herald.http.RequestRejectedException;
import dev.herald.memory.MemoryBudget;
import dev.herald.presence.ActiveSubscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that subscription documents stay within their memory budget, even a single one. */
class DocumentMemoryTest {
    private static final int LIMIT = 100_000;

    private final MemoryBudget budget = new MemoryBudget(LIMIT);

    private static ActiveSubscription subscription(int payloadChars) {
        return new ActiveSubscription("news", new UUID(0, 0), Optional.of("\"" + "p".repeat(payloadChars - 2) + "\""));
    }

    @Test
    void singleDocumentIsRejectedAtAMultipleOfTheBudget() {
        DocumentMemory memory = new DocumentMemory(budget);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < LIMIT; i++) {
                        memory.add(subscription(1_000));
                    }
                })
                .isInstanceOf(RequestRejectedException.class);
        assertThat(budget.reserved()).isBetween((long) LIMIT, 4L * LIMIT);
        memory.close();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void documentOfOneSubscriptionIsAcceptedAtAnySize() {
        try (DocumentMemory memory = new DocumentMemory(budget)) {
            memory.add(subscription(5 * LIMIT));

            assertThat(budget.reserved()).isGreaterThan(5 * LIMIT);
        }
    }

    @Test
    void reservationIncludesAllBytesOfMultibyteCharacters() {
        try (DocumentMemory wide = new DocumentMemory(budget)) {
            wide.add(new ActiveSubscription("€".repeat(1_000), new UUID(0, 0), Optional.empty()));

            // Raw and percent-encoded, three copies.
            assertThat(budget.reserved()).isGreaterThan(3 * (3 + 9) * 1_000);
        }
    }
}
