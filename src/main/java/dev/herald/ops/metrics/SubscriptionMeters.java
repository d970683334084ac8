package dev.herald.ops.metrics;

import jakarta.inject.Singleton;

import dev.herald.presence.ActiveSubscriptions;

/** Metrics of active subscriptions. */
@Singleton
final class SubscriptionMeters implements Meters {
    private final ActiveSubscriptions subscriptions;

    SubscriptionMeters(ActiveSubscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public void register(Views views) {
        views.gauge(Metric.SUBSCRIPTIONS, () -> subscriptions.all().size());
        views.counter(Metric.SUBSCRIPTIONS_DROPPED, subscriptions::dropped);
    }
}
