package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of the Mercure protocol, and all others with a short retention. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages("dev.herald.mercure")
@SelectClasses(
        names = {
            MercureSuite.IDLE_CLIENTS,
            MercureSuite.PROXIES,
            MercureSuite.PROXY_PAGE,
            MercureSuite.RETENTION,
            MercureSuite.HISTORY
        })
@ExcludeClassNamePatterns({WebSuite.OPEN_MERCURE, WebSuite.PREFIX_OF_MERCURE})
class MercureSuite {
    static final String IDLE_CLIENTS = "dev.herald.clients.IdleStreamClientsTest";
    static final String PROXIES = "dev.herald.clients.ProxyTest";
    static final String PROXY_PAGE = "dev.herald.clients.ProxyPageTest";
    static final String RETENTION = "dev.herald.web.StreamTest";
    static final String HISTORY = "dev.herald.web.HistoryRetentionTest";
}
