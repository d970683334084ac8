package dev.herald.mercure;

import org.junit.jupiter.api.BeforeAll;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract tests of a hub that already runs: every clause that needs no special settings; the others are skipped with a
 * message. Starts nothing and runs only on request: see the package's comment.
 */
class AnotherHub extends EveryClause {
    @BeforeAll
    static void needsAnAddress() {
        assertThat(MercureHub.another())
                .as("Name the hub with -Dhub.url, and its keys with -Dhub.publisher.key and -Dhub.subscriber.key.")
                .isPresent();
    }
}
