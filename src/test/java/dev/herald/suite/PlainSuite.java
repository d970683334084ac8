package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All other unit tests, which need no server. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages("dev.herald")
@ExcludePackages({
    "dev.herald.attack",
    "dev.herald.browser",
    "dev.herald.clients",
    "dev.herald.cluster",
    "dev.herald.log",
    "dev.herald.mercure",
    "dev.herald.openapi",
    "dev.herald.ops",
    "dev.herald.web"
})
@ExcludeClassNamePatterns({WebSuite.NETTY_VERSION, WebSuite.SELF_CHECK})
class PlainSuite {}
