package dev.herald.log;

import java.time.Clock;

class MemoryEventLogTest extends EventLogContract {

    @Override
    EventLog create(long maxEvents, long maxBytes) {
        return new MemoryEventLog(maxEvents, maxBytes, 32 << 20, 10_000, Clock.systemUTC());
    }
}
