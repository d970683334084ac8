package dev.herald.limit;

import java.time.Duration;
import java.util.Locale;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * Rate limit of publishing for one kind of client: a token bucket that is full at first and refills steadily.
 *
 * @param kind whose updates are counted together
 * @param unit what is counted
 * @param perSecond units that are added each second, 1 to 1,000,000,000
 * @param capacity units of a full bucket; at least 1
 */
record RatePolicy(Kind kind, Unit unit, long perSecond, long capacity) {

    /** Kind of client. */
    enum Kind {
        SUBJECT("The subject of this token"),
        ADDRESS("Clients of this address");

        private final String who;

        Kind(String who) {
            this.who = who;
        }
    }

    /** Unit of a quota. */
    enum Unit {
        UPDATES,
        BYTES
    }

    /** Name in {@code RateLimit-Policy}. */
    String name() {
        return (kind + "-" + unit).toLowerCase(Locale.ROOT);
    }

    /** Time in which an empty bucket becomes full. */
    Duration window() {
        return Duration.ofSeconds((capacity + perSecond - 1) / perSecond);
    }

    Bucket bucket(TimeMeter time) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(capacity)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .withCustomTimePrecision(time)
                .build();
    }

    /** Item of {@code RateLimit-Policy}. */
    String item() {
        return '"' + name() + "\";q=" + capacity + (unit == Unit.BYTES ? ";qu=\"content-bytes\"" : "") + ";w="
                + window().toSeconds();
    }

    /** Sentence for a client beyond the limit. */
    String sentence() {
        return String.format(
                Locale.ROOT,
                "%s may publish %,d %s a second, and %,d after a pause.",
                kind.who,
                perSecond,
                unit.name().toLowerCase(Locale.ROOT),
                capacity);
    }
}
