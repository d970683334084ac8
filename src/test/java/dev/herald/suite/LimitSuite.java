package dev.herald.suite;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Tests of hubs with limits or keys of their own. Each of its profiles has few tests. */
@Suite
@SelectClasses(
        names = {
            LimitSuite.ABORTED_REQUEST,
            LimitSuite.CERTIFICATE,
            LimitSuite.FIGURES,
            LimitSuite.ISSUER,
            LimitSuite.LIMITS,
            LimitSuite.OVERLOAD,
            LimitSuite.SUBSCRIBERS,
            LimitSuite.VERIFICATION
        })
class LimitSuite {
    static final String ABORTED_REQUEST = "dev.herald.web.AbortedRequestTest";
    static final String CERTIFICATE = "dev.herald.web.CertificateReloadTest";
    static final String FIGURES = "dev.herald.web.admin.FiguresTest";
    static final String ISSUER = "dev.herald.web.UnreachableIssuerTest";
    static final String LIMITS = "dev.herald.web.LimitsTest";
    static final String OVERLOAD = "dev.herald.web.OverloadTest";
    static final String SUBSCRIBERS = "dev.herald.web.SubscriberLimitTest";
    static final String VERIFICATION = "dev.herald.web.AsyncVerificationTest";
}
