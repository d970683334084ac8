package dev.herald.limit;

import java.time.Duration;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;

/**
 * Quota of one client under one policy, as one request sees it. The bucket is shared and thread-safe; the rest belongs
 * to the request's event loop.
 */
final class Quota {
    private final RatePolicy policy;
    private final Bucket bucket;
    private long remaining;
    private long secondsLeft;

    Quota(RatePolicy policy, Bucket bucket) {
        this.policy = policy;
        this.bucket = bucket;
    }

    RatePolicy policy() {
        return policy;
    }

    /** Takes the units of this quota if they are left. Returns whether they were. */
    boolean take(Cost cost) {
        long units = cost.in(policy.unit());
        if (units == 0) {
            observe(0);
            return true;
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(units);
        remaining = probe.getRemainingTokens();
        secondsLeft = seconds(probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill());
        return probe.isConsumed();
    }

    /** Whether a full bucket has so many units. */
    boolean admits(Cost cost) {
        return cost.in(policy.unit()) <= policy.capacity();
    }

    /** Returns units that were taken. */
    void giveBack(Cost cost) {
        long units = cost.in(policy.unit());
        if (units > 0) {
            bucket.addTokens(units);
        }
        observe(0);
    }

    /** Time until so much is left, without taking it. */
    Duration timeUntil(Cost cost) {
        long units = Math.min(cost.in(policy.unit()), policy.capacity());
        return units == 0 ? Duration.ZERO : observe(units);
    }

    private Duration observe(long units) {
        remaining = bucket.getAvailableTokens();
        long wanted = units == 0 ? policy.capacity() : units;
        Duration wait = Duration.ofNanos(bucket.estimateAbilityToConsume(wanted).getNanosToWaitForRefill());
        secondsLeft = seconds(wait.toNanos());
        return wait;
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).plusSeconds(1).minusNanos(1).toSeconds();
    }

    /** Item of {@code RateLimit}: what is left, and the seconds until it is full, or until a rejected request fits. */
    String item() {
        return '"' + policy.name() + "\";r=" + remaining + ";t=" + secondsLeft;
    }

    /** Cost of a request or of a part of it. */
    record Cost(long updates, long bytes) {
        long in(RatePolicy.Unit unit) {
            return unit == RatePolicy.Unit.UPDATES ? updates : bytes;
        }
    }
}
