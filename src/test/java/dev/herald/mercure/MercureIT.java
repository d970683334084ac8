package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** Contract tests on the hub packaged for a JVM, with its events in files: those that its package can change. */
@QuarkusIntegrationTest
class MercureIT extends PackagedClauses {}
