package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The packaged hub, with its events in files, keeps every clause. */
@QuarkusIntegrationTest
class MercureIT extends MercureTest {}
