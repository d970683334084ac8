package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** All contract tests on the packaged hub, with its events in files. */
@QuarkusIntegrationTest
class MercureIT extends MercureTest {}
