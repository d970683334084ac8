package dev.herald.suite;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of the views of the client page in Chromium, without those whose profile another suite uses. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages("dev.herald.browser")
@ExcludeClassNamePatterns({TlsSuite.TABS, WebSuite.PREFIX_OF_THE_PAGE})
class ViewSuite {}
