package dev.herald.mercure;

import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Nested;

/** All contract tests that one hub can pass. */
@TestProfile(Guarded.class)
abstract class EveryClause {
    @Nested
    class Subscribing extends SubscribingClauses {}

    @Nested
    class Resuming extends ResumingClauses {}

    @Nested
    class Publishing extends PublishingClauses {}

    @Nested
    class ReservedTopics extends ReservedTopicClauses {}

    @Nested
    class Bearers extends TokenClauses {}

    @Nested
    class Origins extends OriginClauses {}

    @Nested
    class Presence extends PresenceClauses {}

    @Nested
    class Streams extends StreamClauses {}

    @Nested
    class Forms extends FormClauses {}

    @Nested
    class Replay extends ReplayClauses {}

    @Nested
    class Discovery extends DiscoveryClauses {}
}
