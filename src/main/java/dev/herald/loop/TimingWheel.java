package dev.herald.loop;

import java.util.function.Consumer;

/**
 * Timing wheel for very many timers: a circular array of slots, one a tick, each with a ring of entries. Scheduling and
 * cancelling cost O(1); a tick costs O(entries due). Never early, and at most one tick late. Not thread-safe. The
 * caller supplies the time, in nanoseconds of one monotonic clock.
 */
public final class TimingWheel<T extends TimingWheel.Entry> {
    private final Entry[] slots;
    private final long tickNanos;

    private long tick;
    private int size;

    /**
     * @param tickNanos resolution, in nanoseconds
     * @param slots ticks in one rotation; entries due later are visited once a rotation
     */
    public TimingWheel(long tickNanos, int slots, long now) {
        this.tickNanos = tickNanos;
        this.slots = new Entry[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new Anchor();
        }
        this.tick = Math.floorDiv(now, tickNanos);
    }

    /** Schedules or reschedules the entry. */
    public void schedule(T entry, long due) {
        set(entry, due);
    }

    private void set(Entry entry, long due) {
        cancel(entry);
        entry.due = due;
        place(entry);
        size++;
    }

    private void place(Entry entry) {
        long exact = -Math.floorDiv(-entry.due, tickNanos);
        long reachable = Math.min(Math.max(exact, tick + 1), tick + slots.length - 1);
        entry.insertBefore(slot(reachable));
    }

    private Entry slot(long at) {
        return slots[(int) Math.floorMod(at, (long) slots.length)];
    }

    /** Cancels the entry, if it is scheduled. */
    public void cancel(Entry entry) {
        if (entry.scheduled()) {
            entry.unlink();
            size--;
        }
    }

    public int size() {
        return size;
    }

    /** Calls {@code action} for each entry; it must schedule and cancel none. Costs O(n). */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> action) {
        for (Entry anchor : slots) {
            for (Entry entry = anchor.next; entry != anchor; entry = entry.next) {
                action.accept((T) entry);
            }
        }
    }

    /**
     * Removes entries that are due and passes them to {@code action}, which may schedule and cancel.
     *
     * @param limit maximum entries
     * @return whether more may be due now
     */
    @SuppressWarnings("unchecked")
    public boolean expire(long now, int limit, Consumer<? super T> action) {
        long until = Math.floorDiv(now, tickNanos);
        // After a pause, one rotation is enough to catch up.
        tick = Math.max(tick, until - slots.length);
        int left = limit;
        while (true) {
            Entry anchor = slot(tick);
            for (Entry first = anchor.next; first != anchor; first = anchor.next) {
                if (left-- == 0) {
                    return true;
                }
                first.unlink();
                if (first.due <= now) {
                    size--;
                    action.accept((T) first);
                } else {
                    place(first);
                }
            }
            if (tick >= until) {
                return false;
            }
            tick++;
        }
    }

    /** Intrusive entry: it carries its own links, so scheduling allocates nothing. */
    public abstract static class Entry {
        private Entry next;
        private Entry previous;
        private long due;

        private boolean scheduled() {
            return next != null;
        }

        private void insertBefore(Entry other) {
            previous = other.previous;
            next = other;
            previous.next = this;
            other.previous = this;
        }

        private void unlink() {
            previous.next = next;
            next.previous = previous;
            next = null;
            previous = null;
        }
    }

    /** Sentinel of a slot's ring. */
    private static final class Anchor extends Entry {
        private Anchor() {
            super.next = this;
            super.previous = this;
        }
    }
}
