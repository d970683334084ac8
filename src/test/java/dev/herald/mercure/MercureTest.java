package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusTest;

/** The hub that Quarkus starts in this process keeps every clause. */
@QuarkusTest
class MercureTest extends EveryClause {}
