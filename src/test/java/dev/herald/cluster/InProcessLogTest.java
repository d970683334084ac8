package dev.herald.cluster;

import java.time.Clock;

class InProcessLogTest extends SharedLogContract {
    private final InProcessLog log = new InProcessLog(Clock.systemUTC());

    @Override
    protected SharedLog log() {
        return log;
    }
}
