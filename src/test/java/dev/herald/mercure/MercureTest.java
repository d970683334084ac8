package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** All contract tests on the hub that Quarkus starts in this process. */
@QuarkusTest
@TestProfile(Guarded.class)
class MercureTest extends EveryClause {}
