package dev.herald.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.herald.soak.Ledger.Sent;

/**
 * The log's events of a round behind the newest ones of earlier rounds, with bounds on the length and the horizon of
 * the log at any time. An index counts from the oldest of these events. Immutable.
 */
final class RoundLog {
    /** Retention of a log that keeps everything. */
    static final long EVERYTHING = Long.MAX_VALUE;

    /** More events than any subscriber replays again. */
    private static final int REMEMBERED = 6_000;

    private final List<Stored> events;
    private final int begin;
    private final long retained;

    /** For each index, the time at which it and all earlier events had been sent. Never falls. */
    private final long[] sent;

    /** For each index, the first time at which it or a later event was acknowledged. Never falls. */
    private final long[] acknowledged;

    /**
     * @param earlier newest events of the rounds before, in order
     * @param round events of this round, in order
     * @param attempts those of this round
     * @param retained number of events that the log retains
     */
    RoundLog(List<Stored> earlier, List<Stored> round, List<Sent> attempts, long retained) {
        this.events = new ArrayList<>(earlier);
        this.events.addAll(round);
        this.begin = earlier.size();
        this.retained = retained;
        this.sent = new long[events.size()];
        this.acknowledged = new long[events.size()];
        Map<Long, Sent> outcomes = new HashMap<>();
        attempts.forEach(one -> outcomes.put(one.attempt(), one));
        long lastSent = Long.MIN_VALUE;
        for (int i = 0; i < events.size(); i++) {
            Sent one = outcomes.get(events.get(i).attempt());
            lastSent = Math.max(lastSent, one == null ? Long.MIN_VALUE : one.sentAt());
            sent[i] = lastSent;
            acknowledged[i] = one == null ? Long.MIN_VALUE : one.answeredAt();
        }
        for (int i = events.size() - 2; i >= 0; i--) {
            acknowledged[i] = Math.min(acknowledged[i], acknowledged[i + 1]);
        }
    }

    int size() {
        return events.size();
    }

    /** @param index from 0, below the size */
    Stored get(int index) {
        return events.get(index);
    }

    /** Index of the first event of the round. */
    int begin() {
        return begin;
    }

    /** Upper bound on the length of the log at a time: the next event was not sent by then. */
    int lengthAtMost(long time) {
        return countUntil(sent, time);
    }

    /** Lower bound on the length of the log at a time: an update acknowledged by then ends it. */
    int lengthAtLeast(long time) {
        return countUntil(acknowledged, time);
    }

    /** Index below which events may be gone at a time. All others are retained. */
    int horizonAtMost(long time) {
        return (int) Math.max(0, lengthAtMost(time) - retained);
    }

    /** Index below which events are gone at a time. */
    int horizonAtLeast(long time) {
        return (int) Math.max(0, lengthAtLeast(time) - retained);
    }

    private static int countUntil(long[] times, long time) {
        int found = Arrays.binarySearch(times, time);
        if (found < 0) {
            return -found - 1;
        }
        while (found < times.length && times[found] == time) {
            found++;
        }
        return found;
    }

    /** Number of events of the round whose id an earlier one of the round has, too. */
    int repeatedIds() {
        Set<Integer> ids = new HashSet<>();
        return (int) events.subList(begin, events.size()).stream()
                .filter(event -> !ids.add(event.idHash()))
                .count();
    }

    /** The newest events, for the next round. */
    List<Stored> newest() {
        return List.copyOf(events.subList(Math.max(0, events.size() - REMEMBERED), events.size()));
    }
}
