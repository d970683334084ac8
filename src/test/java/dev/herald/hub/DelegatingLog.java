package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.log.AppendListener;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.LogStats;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.TopicSelector;

/** Event log that delegates to a real one, of which a test can override methods. */
public abstract class DelegatingLog implements EventLog {
    private final EventLog log;

    protected DelegatingLog(EventLog log) {
        this.log = log;
    }

    @Override
    public CompletionStage<Event> append(Update update) {
        return log.append(update);
    }

    @Override
    public CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener) {
        return log.append(batch, listener);
    }

    @Override
    public CompletionStage<Event> appendTransient(Update update) {
        return log.appendTransient(update);
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return log.read(after, selectors, maxBytes);
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return log.lookBack(upTo, count, selectors, grants);
    }

    @Override
    public CompletionStage<TopicSnapshot> latest(
            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier cancelled) {
        return log.latest(selectors, grants, cancelled);
    }

    @Override
    public CompletionStage<Page> read(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) {
        return log.read(snapshot, after, selectors, maxBytes);
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return log.find(id, grants);
    }

    @Override
    public CompletionStage<Purged> purge(Purge purge) {
        return log.purge(purge);
    }

    @Override
    public CompletionStage<OptionalLong> findPurged(EventId id) {
        return log.findPurged(id);
    }

    @Override
    public CompletionStage<Void> keep(Revocation revocation) {
        return log.keep(revocation);
    }

    @Override
    public CompletionStage<Void> forget(Revocation.Target target) {
        return log.forget(target);
    }

    @Override
    public List<Revocation> revocations() {
        return log.revocations();
    }

    @Override
    public void follow(LongConsumer listener) {
        log.follow(listener);
    }

    @Override
    public long horizon() {
        return log.horizon();
    }

    @Override
    public RecentEvents recent() {
        return log.recent();
    }

    @Override
    public Cursors cursors() {
        return log.cursors();
    }

    @Override
    public LogStats stats() {
        return log.stats();
    }

    @Override
    public boolean writable() {
        return log.writable();
    }

    @Override
    public void close() {
        log.close();
    }
}
