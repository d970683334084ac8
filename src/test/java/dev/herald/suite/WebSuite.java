package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of the surfaces over HTTP and of the document that describes them, and all others with TLS or a path prefix. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages({"dev.herald.openapi", "dev.herald.web"})
@SelectClasses(names = {WebSuite.TABS, WebSuite.PREFIX_OF_THE_PAGE, WebSuite.PREFIX_OF_MERCURE})
@ExcludeClassNamePatterns({ProtocolSuite.PRESENCE, ProtocolSuite.POLLED, ProtocolSuite.RETENTION, ProtocolSuite.HISTORY
})
class WebSuite {
    static final String TABS = "dev.herald.browser.ManyTabsTest";
    static final String PREFIX_OF_THE_PAGE = "dev.herald.browser.PathPrefixTest";
    static final String PREFIX_OF_MERCURE = "dev.herald.mercure.PathPrefixTest";
}
