package dev.herald.mercure;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/**
 * All contract tests on the native binary, with its events in files. There, reflection, resources, charsets, security
 * providers and the time of initialisation can change any of them.
 */
@QuarkusIntegrationTest
class NativeMercureIT extends EveryClause {}
