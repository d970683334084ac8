package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of attacks, and of clients and programs by others, without those whose profile another suite uses. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages({"dev.herald.attack", "dev.herald.clients"})
@SelectClasses(names = {ThirdPartySuite.PRESENCE, ThirdPartySuite.POLLED})
@ExcludeClassNamePatterns({
    MercureSuite.IDLE_CLIENTS,
    MercureSuite.PROXIES,
    MercureSuite.PROXY_PAGE,
    WebSuite.GZIP_CLIENTS
})
class ThirdPartySuite {
    static final String PRESENCE = "dev.herald.web.PresenceLoadTest";
    static final String POLLED = "dev.herald.web.PolledSubscriptionsTest";
}
