package dev.herald.mercure;

import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Base of the contract tests. The profile applies if Quarkus starts the hub. */
@TestProfile(Guarded.class)
abstract class Clauses {
    @RegisterExtension
    final MercureHub hub = new MercureHub();

    /** Topic unique to the test. */
    final String topic = MercureHub.uniqueTopic();
}
