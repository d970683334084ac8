package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * Tests of the Mercure protocol, of attacks, and of clients and proxies by others, and all others with tokens or a short
 * retention.
 */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages({
    "dev.herald.attack",
    "dev.herald.clients",
    "dev.herald.mercure",
    "dev.herald.ops",
    "dev.herald.packaging"
})
@SelectClasses(
        names = {
            ProtocolSuite.PRESENCE,
            ProtocolSuite.POLLED,
            ProtocolSuite.RETENTION,
            ProtocolSuite.HISTORY,
            ProtocolSuite.SELF_CHECK
        })
@ExcludeClassNamePatterns(WebSuite.PREFIX_OF_MERCURE)
class ProtocolSuite {
    static final String PRESENCE = "dev.herald.web.PresenceLoadTest";
    static final String POLLED = "dev.herald.web.PolledSubscriptionsTest";
    static final String RETENTION = "dev.herald.web.StreamTest";
    static final String HISTORY = "dev.herald.web.HistoryRetentionTest";
    static final String SELF_CHECK = "dev.herald.SelfCheckTest";
}
