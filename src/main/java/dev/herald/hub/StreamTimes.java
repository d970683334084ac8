package dev.herald.hub;

import dev.herald.loop.TimingWheel;

/**
 * Times of an open stream, by {@link System#nanoTime()}: its last writes, and its end. Timer of its subscriber. Belongs
 * to the lane's thread.
 */
abstract class StreamTimes extends TimingWheel.Entry {
    /** Absence of an end time, in nanoseconds. */
    static final long NEVER = Long.MAX_VALUE;

    private long writtenAt;
    private long idWrittenAt;
    private long endsAt = NEVER;
    private long tokenExpiresAt = NEVER;

    StreamTimes(long now) {
        this.writtenAt = now;
        this.idWrittenAt = now;
    }

    /** Records a write of frames with an id. */
    final void wroteId(long now) {
        writtenAt = now;
        idWrittenAt = now;
    }

    /** Records a write without an id. */
    final void wroteComment(long now) {
        writtenAt = now;
    }

    /** Time since the last write, in nanoseconds. */
    final long idleNanos(long now) {
        return now - writtenAt;
    }

    /** Time since the last write of an id, in nanoseconds. */
    final long nanosSinceId(long now) {
        return now - idWrittenAt;
    }

    /** Sets an end time; the earliest one applies. */
    final void endBy(long nanos) {
        endsAt = endsAt == NEVER || nanos - endsAt < 0 ? nanos : endsAt;
    }

    /** Sets the time at which its token expires, and with it the stream. */
    final void tokenExpiresAt(long nanos) {
        tokenExpiresAt = nanos;
        endBy(nanos);
    }

    final boolean tokenExpired(long now) {
        return tokenExpiresAt != NEVER && now - tokenExpiresAt >= 0;
    }

    /** Time until its end, in nanoseconds: 0 or less when expired, {@link #NEVER} without an end time. */
    final long nanosLeft(long now) {
        return endsAt == NEVER ? NEVER : endsAt - now;
    }
}
