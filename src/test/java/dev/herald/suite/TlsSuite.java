package dev.herald.suite;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Tests of the surfaces over HTTP on a hub with TLS. */
@Suite
@SelectClasses(
        names = {
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
            TlsSuite.REFUSAL,
            TlsSuite.TABS
        })
class TlsSuite {
    static final String ADMIN_PORT = "dev.herald.web.AdminPortTest";
    static final String COMPRESSION = "dev.herald.web.CompressionTest";
    static final String DOCUMENT = "dev.herald.openapi.OpenApiTest";
    static final String ENVELOPES = "dev.herald.web.EnvelopedStreamTest";
    static final String FORM = "dev.herald.web.SubscriptionFormTest";
    static final String HTTP2 = "dev.herald.web.Http2Test";
    static final String HTTP2_RESET = "dev.herald.web.Http2ResetTest";
    static final String MEMORY = "dev.herald.web.TakeoverMemoryTest";
    static final String ORIGIN = "dev.herald.web.OriginTest";
    static final String PARSING = "dev.herald.web.RequestParsingTest";
    static final String PATHS = "dev.herald.web.TakeoverPathTest";
    static final String REFUSAL = "dev.herald.web.RefusalTest";
    static final String TABS = "dev.herald.browser.ManyTabsTest";
}
