package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * Tests of the surfaces over HTTP and of the document that describes them, and all others with a path prefix or no
 * profile.
 */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages({"dev.herald.openapi", "dev.herald.ops", "dev.herald.web"})
@SelectClasses(
        names = {
            WebSuite.GZIP_CLIENTS,
            WebSuite.NETTY_VERSION,
            WebSuite.OPEN_MERCURE,
            WebSuite.PREFIX_OF_MERCURE,
            WebSuite.PREFIX_OF_THE_PAGE,
            WebSuite.SELF_CHECK
        })
@ExcludeClassNamePatterns({
    LimitSuite.ABORTED_REQUEST,
    LimitSuite.CERTIFICATE,
    LimitSuite.FIGURES,
    LimitSuite.ISSUER,
    LimitSuite.LIMITS,
    LimitSuite.OVERLOAD,
    LimitSuite.SUBSCRIBERS,
    LimitSuite.VERIFICATION,
    MercureSuite.HISTORY,
    MercureSuite.RETENTION,
    StallSuite.DISCONNECT,
    StallSuite.DOCUMENT,
    StallSuite.HISTORY,
    StallSuite.IDLE,
    StallSuite.NETWORK,
    StallSuite.WRITE,
    ThirdPartySuite.POLLED,
    ThirdPartySuite.PRESENCE,
    TlsSuite.ADMIN_PORT,
    TlsSuite.COMPRESSION,
    TlsSuite.DOCUMENT,
    TlsSuite.ENVELOPES,
    TlsSuite.FORM,
    TlsSuite.HTTP2,
    TlsSuite.HTTP2_RESET,
    TlsSuite.MEMORY,
    TlsSuite.ORIGIN,
    TlsSuite.PARSING,
    TlsSuite.PATHS,
    TlsSuite.REFUSAL
})
class WebSuite {
    static final String GZIP_CLIENTS = "dev.herald.clients.GzipClientsTest";
    static final String NETTY_VERSION = "dev.herald.packaging.NettyVersionTest";
    static final String OPEN_MERCURE = "dev.herald.mercure.OpenHubTest";
    static final String PREFIX_OF_MERCURE = "dev.herald.mercure.PathPrefixTest";
    static final String PREFIX_OF_THE_PAGE = "dev.herald.browser.PathPrefixTest";
    static final String SELF_CHECK = "dev.herald.SelfCheckTest";
}
