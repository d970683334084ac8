package dev.herald.log.sqlite;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jboss.logging.Logger;

/**
 * Looks through all events, a stretch a second, after each start and once a day: damage that readers do not come across, or
 * cannot notice, is found and told. The readers' threads look; the appender's, which alone uses this, says when.
 */
final class Inspection {
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration ROUND = Duration.ofDays(1);
    private static final CompletableFuture<Long> NOT_BEGUN = CompletableFuture.completedFuture(Inspector.END);
    private static final Logger LOG = Logger.getLogger(Inspection.class);

    private final ReaderPool readers;
    private final Clock clock;
    private Instant begun = Instant.MIN;
    private Instant due = Instant.MIN;
    private long reached;
    private CompletableFuture<Long> look = NOT_BEGUN;

    Inspection(ReaderPool readers, Clock clock) {
        this.readers = readers;
        this.clock = clock;
    }

    /** Lets the next stretch be looked at, if it is time for it and the last one is done. */
    void step() {
        Instant now = clock.instant();
        if (now.isBefore(due) || !look.isDone() || roundIsOver(now)) {
            return;
        }
        if (reached == Inspector.END) {
            begun = now;
        }
        long after = reached;
        look = readers.ask(reader -> reader.inspect(after)).toCompletableFuture();
        due = now.plus(PACE);
    }

    /** Notes how far the last look has come. */
    private boolean roundIsOver(Instant now) {
        try {
            reached = look.join();
        } catch (CompletionException e) {
            // Whoever reads there is told why; the next second tries again.
            LOG.debug("A stretch of the log could not be looked at.", e);
            return false;
        }
        due = reached == Inspector.END && look != NOT_BEGUN ? begun.plus(ROUND) : due;
        return now.isBefore(due);
    }
}
