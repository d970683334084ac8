package dev.herald.loop;

import java.util.function.Consumer;

/**
 * Who is due when, for very many: a wheel of slots, one tick of time each, and in each slot a ring of entries. Scheduling
 * and cancelling cost a few references; a tick costs as much as has come due, however many are scheduled. Never early, and
 * late by a tick at most. Not thread-safe; the time is its caller's, in nanoseconds of one clock that does not jump back.
 */
public final class TimingWheel<T extends TimingWheel.Entry> {
    private final Entry[] slots;
    private final long tickNanos;

    private long tick;
    private int size;

    /**
     * @param tickNanos how exact it is, in nanoseconds
     * @param slots ticks in a turn of the wheel: what is due later is looked at once a turn
     */
    public TimingWheel(long tickNanos, int slots, long now) {
        this.tickNanos = tickNanos;
        this.slots = new Entry[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new Anchor();
        }
        this.tick = Math.floorDiv(now, tickNanos);
    }

    /** Schedules the entry, or moves it if it is. */
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

    /** Forgets the entry, if it is scheduled. */
    public void cancel(Entry entry) {
        if (entry.scheduled()) {
            entry.unlink();
            size--;
        }
    }

    /** How many are scheduled. */
    public int size() {
        return size;
    }

    /** Calls {@code action} for each scheduled entry; it must schedule and cancel nobody. Costs a step for each. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> action) {
        for (Entry anchor : slots) {
            for (Entry entry = anchor.next; entry != anchor; entry = entry.next) {
                action.accept((T) entry);
            }
        }
    }

    /**
     * Takes out those that are due and gives them to {@code action}, which may schedule and cancel at will.
     *
     * @param limit how many at most
     * @return whether more may be due now
     */
    @SuppressWarnings("unchecked")
    public boolean expire(long now, int limit, Consumer<? super T> action) {
        long until = Math.floorDiv(now, tickNanos);
        // A wheel that has stood still needs one turn to catch up, not more.
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

    /** What can be scheduled: it carries its own links, so that being scheduled takes no other object. */
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

    /** Where a slot's ring begins and ends. */
    private static final class Anchor extends Entry {
        private Anchor() {
            super.next = this;
            super.previous = this;
        }
    }
}
