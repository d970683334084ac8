package dev.herald.suite;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** Tests of the log: its files, kills and damage, and what several nodes share. */
@Suite
@IncludeClassNamePatterns(SuitesTest.UNIT_TESTS)
@SelectPackages({"dev.herald.log", "dev.herald.cluster"})
class LogSuite {}
