package dev.herald.mercure;

import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Some clauses of the contract. The profile is that of the hub that Quarkus starts for them, if it does. */
@TestProfile(Guarded.class)
abstract class Clauses {
    @RegisterExtension
    final MercureHub hub = new MercureHub();

    /** A topic that no other test has. */
    final String topic = MercureHub.uniqueTopic();
}
