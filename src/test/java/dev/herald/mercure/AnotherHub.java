package dev.herald.mercure;

import org.junit.jupiter.api.BeforeAll;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A hub that runs already keeps every clause that needs no settings of ours; those that do say so. Nothing is started, and
 * nobody runs this unasked: see the package's comment.
 */
class AnotherHub extends EveryClause {
    @BeforeAll
    static void needsAnAddress() {
        assertThat(MercureHub.another())
                .as("Name the hub with -Dhub.url, and its keys with -Dhub.publisher.key and -Dhub.subscriber.key.")
                .isPresent();
    }
}
