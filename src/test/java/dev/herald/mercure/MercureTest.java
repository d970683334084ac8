package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The hub that Quarkus starts in this process keeps every clause. */
@QuarkusTest
@TestProfile(Guarded.class)
class MercureTest extends EveryClause {}
