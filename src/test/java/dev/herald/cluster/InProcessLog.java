package dev.herald.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;

import dev.herald.cluster.SharedEvent.Kind;
import dev.herald.event.Fingerprint;
import dev.herald.identity.Revocation;
import dev.herald.log.Generation;
import dev.herald.log.Generations;
import dev.herald.log.LogIdentity;
import dev.herald.log.Retention;
import dev.herald.log.local.StoredKey;

/** Shared log in the memory of a test, whose connections a test can cut. Thread-safe. */
final class InProcessLog implements SharedLog {
    private final LogIdentity identity;
    private final Clock clock;
    private final List<AppendedBatch> batches = new ArrayList<>();
    private final Map<UUID, SharedSession.Reply> replies = new HashMap<>();
    private final Map<Fingerprint, KeptKey> keys = new LinkedHashMap<>();
    private final Map<Revocation.Target, Revocation> revocations = new LinkedHashMap<>();
    private long horizon;
    private long head;
    private long rings;
    private boolean reachable = true;
    private int lostReplies;
    private int lostRequests;
    private int appends;
    private volatile Runnable beforeConnect = () -> {};
    private volatile Runnable beforeRead = () -> {};
    private volatile Runnable beforeReply = () -> {};

    InProcessLog(Clock clock) {
        this(clock, (byte) 1);
    }

    /** @param name different for different logs */
    InProcessLog(Clock clock, byte name) {
        byte[] key = new byte[16];
        key[0] = name;
        this.clock = clock;
        this.identity =
                new LogIdentity(key, new Generations(List.of(new Generation(Generations.newId(List.of()), 0, true))));
    }

    /** Ends all connections, and accepts none. */
    synchronized void cut() {
        reachable = false;
        notifyAll();
    }

    synchronized void mend() {
        reachable = true;
    }

    /** The next appends are done, and their connections end before the reply. */
    synchronized void loseReplies(int count) {
        lostReplies = count;
    }

    /** The connections of the next appends end before these are done. */
    synchronized void loseRequests(int count) {
        lostRequests = count;
    }

    /** Runs a step, which may fail or wait, before each connection. */
    void beforeConnect(Runnable step) {
        beforeConnect = step;
    }

    /** Runs a step, which may fail or wait, before each read. */
    void beforeRead(Runnable step) {
        beforeRead = step;
    }

    /** Runs a step, which may fail, after each append that is done. */
    void beforeReply(Runnable step) {
        beforeReply = step;
    }

    /** Deletes an entry by hand. */
    synchronized void delete(long position) {
        change(position, event -> Optional.empty());
    }

    /** Purges a kept event, as the maintenance does. */
    synchronized void purge(long position) {
        change(
                position,
                event -> Optional.of(new SharedEvent(
                        position,
                        Kind.PURGED,
                        Optional.empty(),
                        List.of(),
                        event.isPrivate(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        new byte[0])));
    }

    private void change(long position, Function<SharedEvent, Optional<SharedEvent>> change) {
        batches.replaceAll(batch -> new AppendedBatch(
                batch.token(),
                batch.first(),
                batch.last(),
                batch.acceptedAt(),
                batch.events().stream()
                        .flatMap(event ->
                                (event.position() == position ? change.apply(event) : Optional.of(event)).stream())
                        .toList()));
    }

    /** Number of appends that were tried. */
    synchronized int appends() {
        return appends;
    }

    /** Loses the newest batches, as after a failover to a standby that did not have them. */
    synchronized void loseAfter(long position) {
        batches.removeIf(batch -> batch.last() > position);
        head = position;
    }

    /** Removes the oldest batches. */
    synchronized void removeThrough(long position) {
        batches.removeIf(batch -> batch.last() <= position);
        horizon = position;
    }

    @Override
    public SharedSession connect() {
        beforeConnect.run();
        return new Session();
    }

    private SharedLogException unreachable() {
        return new SharedLogException(SharedLogException.Kind.LOST, "The test has cut the connection.", null);
    }

    /** @param since when it was stored, by the clock of this log */
    private record KeptKey(StoredKey key, Instant since) {}

    /** Connection, which ends with {@link #cut}. */
    private final class Session implements SharedSession {
        private boolean lost;

        /** Rings before the last wait; negative before the first one. */
        private long heard = -1;

        Session() {
            check();
        }

        private void check() {
            synchronized (InProcessLog.this) {
                lost |= !reachable;
                if (lost) {
                    throw unreachable();
                }
            }
        }

        @Override
        public LogIdentity identity() {
            return identity;
        }

        @Override
        public Extent extent() {
            synchronized (InProcessLog.this) {
                check();
                return new Extent(horizon, head);
            }
        }

        @Override
        public Reply append(SharedBatch batch, Retention.Keys limits) {
            synchronized (InProcessLog.this) {
                check();
                appends++;
                if (lostRequests > 0) {
                    lostRequests--;
                    lost = true;
                    throw unreachable();
                }
                Reply reply = replies.get(batch.token());
                if (reply == null) {
                    reply = appendNew(batch, limits);
                    replies.put(batch.token(), reply);
                }
                beforeReply.run();
                if (lostReplies > 0) {
                    lostReplies--;
                    lost = true;
                    throw unreachable();
                }
                return reply;
            }
        }

        private Reply appendNew(SharedBatch batch, Retention.Keys limits) {
            Instant now = clock.instant();
            long first = head + 1;
            List<Outcome> outcomes = new ArrayList<>();
            List<SharedEvent> events = new ArrayList<>();
            for (SharedBatch.Entry entry : batch.entries()) {
                outcomes.add(add(entry, first, events, limits, now));
            }
            if (!events.isEmpty()) {
                head += events.size();
                batches.add(new AppendedBatch(batch.token(), first, head, now, events));
            }
            return new Reply(head, outcomes, keys.size());
        }

        private Outcome add(
                SharedBatch.Entry entry, long first, List<SharedEvent> events, Retention.Keys limits, Instant now) {
            if (entry instanceof SharedBatch.Order order) {
                carryOut(order.control());
                events.add(SharedEvent.of(first + events.size(), order.control()));
                return Outcome.APPENDED;
            }
            SharedBatch.Updates updates = (SharedBatch.Updates) entry;
            if (updates.key().isPresent()) {
                StoredKey key = updates.key().get();
                keys.values().removeIf(old -> limits.expired(old.since, now));
                KeptKey stored = keys.get(key.key().name());
                if (stored != null) {
                    return new Outcome.Repeated(stored.key);
                }
                if (keys.size() >= limits.maxCount()) {
                    Instant oldest = keys.values().iterator().next().since;
                    return new Outcome.KeysFull(limits.untilExpiry(oldest, now));
                }
                keys.put(
                        key.key().name(),
                        new KeptKey(
                                new StoredKey(key.key(), first + events.size(), key.acceptedAt(), key.seed()), now));
            }
            for (int i = 0; i < updates.updates().size(); i++) {
                events.add(SharedEvent.of(
                        first + events.size(),
                        updates.isTransient(),
                        updates.ids().get(i),
                        updates.updates().get(i)));
            }
            return Outcome.APPENDED;
        }

        private void carryOut(Control control) {
            if (control instanceof Control.Revoking revoking) {
                revocations.put(revoking.revocation().target(), revoking.revocation());
            } else if (control instanceof Control.Readmitting readmitting) {
                revocations.remove(readmitting.target());
            }
        }

        @Override
        public List<AppendedBatch> read(long after, long maxBytes) {
            beforeRead.run();
            synchronized (InProcessLog.this) {
                check();
                List<AppendedBatch> found = new ArrayList<>();
                long bytes = 0;
                for (AppendedBatch batch : batches) {
                    if (batch.last() > after && bytes < maxBytes) {
                        found.add(batch);
                        bytes += batch.events().stream()
                                .mapToLong(event -> event.data().length)
                                .sum();
                    }
                }
                return found;
            }
        }

        @Override
        public Optional<UUID> token(long last) {
            synchronized (InProcessLog.this) {
                check();
                return batches.stream()
                        .filter(batch -> batch.last() == last)
                        .map(AppendedBatch::token)
                        .findFirst();
            }
        }

        @Override
        public Optional<SharedEvent> event(long position) {
            synchronized (InProcessLog.this) {
                check();
                return batches.stream()
                        .flatMap(batch -> batch.events().stream())
                        .filter(event -> event.position() == position)
                        .findFirst();
            }
        }

        @Override
        public void ring() {
            synchronized (InProcessLog.this) {
                check();
                rings++;
                InProcessLog.this.notifyAll();
            }
        }

        @Override
        public void awaitRing(Duration limit) {
            synchronized (InProcessLog.this) {
                check();
                long deadline = System.nanoTime() + limit.toNanos();
                while (rings == heard && reachable && System.nanoTime() - deadline < 0) {
                    try {
                        InProcessLog.this.wait(1 + (deadline - System.nanoTime()) / 1_000_000);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                heard = rings;
                check();
            }
        }

        @Override
        public Maintained maintain(Retention limits) {
            synchronized (InProcessLog.this) {
                check();
                Instant now = clock.instant();
                keys.values().removeIf(old -> limits.keys().expired(old.since, now));
                revocations.values().removeIf(old -> !old.inForce(now));
                long kept = batches.stream()
                        .flatMap(batch -> batch.events().stream())
                        .filter(event -> event.kind() == Kind.EVENT)
                        .count();
                while (kept > limits.maxEvents() && batches.size() > 1) {
                    AppendedBatch oldest = batches.get(0);
                    long own = oldest.events().stream()
                            .filter(event -> event.kind() == Kind.EVENT)
                            .count();
                    if (kept - own < limits.maxEvents()) {
                        break;
                    }
                    batches.remove(0);
                    kept -= own;
                    horizon = oldest.last();
                }
                return new Maintained(false, keys.size());
            }
        }

        @Override
        public List<Revocation> revocations() {
            synchronized (InProcessLog.this) {
                check();
                return List.copyOf(revocations.values());
            }
        }

        @Override
        public void close() {
            lost = true;
        }
    }
}
