package dev.herald.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bound on the memory of inputs that arrive slowly, such as bodies of requests, so that they do not make those of others
 * fail. While less than a quarter of a budget is free, slow inputs may hold a quarter of it together. Beyond that the
 * largest ones are rejected: a client that sends little keeps its place. An input that is alone in its budget is
 * rejected only once the budget has refused another one. Thread-safe.
 */
public final class SlowInputs {
    /** Part of a budget that slow inputs may hold in any case, and that is free before any of them is rejected. */
    private static final long PART = 4;

    private final Map<MemoryBudget, Share> shares = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();

    /**
     * Adds memory of an input that has become slow.
     *
     * @param budget in which it is reserved
     * @param reject rejects the input, later and on its own loop; called at most once for each entry
     */
    public Entry add(MemoryBudget budget, long bytes, Runnable reject) {
        Share share = shares.computeIfAbsent(budget, Share::new);
        Entry entry = new Entry(share, sequence.incrementAndGet(), reject);
        entry.resize(bytes);
        return entry;
    }

    /** Rejects slow inputs that hold too much. Call it when the memory of any input has grown or was refused. */
    public void relieve() {
        for (Share share : shares.values()) {
            share.relieve();
        }
    }

    /** Memory of one slow input in one budget. */
    public static final class Entry {
        private static final Comparator<Entry> LARGEST_FIRST = Comparator.<Entry>comparingLong(entry -> entry.bytes)
                .reversed()
                .thenComparingLong(entry -> entry.number);

        private final Share share;
        private final long number;
        private final Runnable reject;

        /** Guarded by the share, as is the state. */
        private long bytes;

        private State state = State.HELD;

        private Entry(Share share, long number, Runnable reject) {
            this.share = share;
            this.number = number;
            this.reject = reject;
        }

        /** Sets the bytes that it reserves. Has no effect once it is rejected. */
        public void resize(long now) {
            share.resize(this, now);
        }

        /** Removes it. Call it when its memory is released. Idempotent. */
        public void end() {
            share.end(this);
        }
    }

    private enum State {
        HELD,
        /** Rejected; its loop has not released the memory yet. */
        REJECTED,
        ENDED
    }

    /** Slow inputs in one budget. */
    private static final class Share {
        private final MemoryBudget budget;
        private final NavigableSet<Entry> bySize = new TreeSet<>(Entry.LARGEST_FIRST);
        private long bytes;

        /** Bytes of rejected inputs that are still reserved. */
        private long releasing;

        private volatile long refusals;

        Share(MemoryBudget budget) {
            this.budget = budget;
            this.refusals = budget.rejections();
        }

        synchronized void resize(Entry entry, long now) {
            if (entry.state == State.HELD) {
                remove(entry);
                entry.bytes = now;
                bytes += now;
                bySize.add(entry);
            }
        }

        synchronized void end(Entry entry) {
            if (entry.state == State.REJECTED) {
                releasing -= entry.bytes;
            } else {
                remove(entry);
            }
            entry.state = State.ENDED;
        }

        private void remove(Entry entry) {
            if (bySize.remove(entry)) {
                bytes -= entry.bytes;
            }
        }

        void relieve() {
            // Without the lock, since it is asked for each part of each input.
            if (excess() > 0 || budget.rejections() != refusals) {
                takeLargest().forEach(entry -> entry.reject.run());
            }
        }

        /** Reserved bytes of all that leave less than the free part. */
        private long excess() {
            return budget.reserved() - (budget.limit() - budget.limit() / PART);
        }

        private synchronized List<Entry> takeLargest() {
            long refused = budget.rejections();
            boolean demanded = refused != refusals;
            refusals = refused;
            long excess = excess() - releasing;
            List<Entry> taken = new ArrayList<>();
            while (bytes > budget.limit() / PART && (excess > 0 || demanded && taken.isEmpty())) {
                Entry largest = bySize.first();
                boolean alone = largest.bytes >= budget.reserved();
                if (alone && !demanded) {
                    break;
                }
                remove(largest);
                largest.state = State.REJECTED;
                releasing += largest.bytes;
                excess -= largest.bytes;
                taken.add(largest);
            }
            return taken;
        }
    }
}
