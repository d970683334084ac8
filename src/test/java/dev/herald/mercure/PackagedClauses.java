package dev.herald.mercure;

import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Nested;

/**
 * Contract tests that a package for a JVM can change. It has the classes and the JDK of {@link MercureTest}. What
 * differs is that the page comes from a jar, and that events are in files.
 */
@TestProfile(Guarded.class)
abstract class PackagedClauses {
    @Nested
    class Resuming extends ResumingClauses {}

    @Nested
    class Replay extends ReplayClauses {}

    @Nested
    class Discovery extends DiscoveryClauses {}
}
