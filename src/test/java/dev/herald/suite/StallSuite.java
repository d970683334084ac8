package dev.herald.suite;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Tests of clients that stall, are idle or are lost. Most of their time is that of timeouts. */
@Suite
@SelectClasses(
        names = {
            StallSuite.NETWORK,
            StallSuite.DISCONNECT,
            StallSuite.HISTORY,
            StallSuite.IDLE,
            StallSuite.DOCUMENT,
            StallSuite.WRITE
        })
class StallSuite {
    static final String NETWORK = "dev.herald.web.CutNetworkTest";
    static final String DISCONNECT = "dev.herald.web.DisconnectTest";
    static final String HISTORY = "dev.herald.web.HistoryStallTest";
    static final String IDLE = "dev.herald.web.IdleStreamTest";
    static final String DOCUMENT = "dev.herald.web.SubscriptionDocumentWriterTest";
    static final String WRITE = "dev.herald.web.WriteTimeoutTest";
}
