package dev.herald.ops.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import jakarta.inject.Singleton;

import dev.herald.auth.Authenticator;
import dev.herald.http.ProblemType;
import dev.herald.http.Rejections;
import dev.herald.identity.Revocations;
import dev.herald.limit.Limits;
import dev.herald.limit.PublishLimits;
import dev.herald.stats.AdminActions;
import dev.herald.stats.KeyStats;
import dev.herald.stats.TokenRejection;
import dev.herald.stats.TokenStats;

/**
 * Metrics of rejected requests, of tokens, of the keys that verify them, of limited clients, and of administration.
 */
@Singleton
final class AccessMeters implements Meters {
    private static final String ACT = "act";
    private static final String KIND = "kind";
    private static final String PROBLEM = "problem";
    private static final double MILLIS_A_SECOND = 1e3;

    private final Rejections rejections;
    private final Authenticator authenticator;
    private final PublishLimits limits;
    private final AdminActions actions;
    private final Revocations revocations;

    AccessMeters(
            Rejections rejections,
            Authenticator authenticator,
            Limits limits,
            AdminActions actions,
            Revocations revocations) {
        this.rejections = rejections;
        this.authenticator = authenticator;
        this.limits = limits.publishing();
        this.actions = actions;
        this.revocations = revocations;
    }

    @Override
    public void register(Views views) {
        for (ProblemType type : ProblemType.values()) {
            views.counter(Metric.REJECTIONS, () -> rejections.publishing(type), PROBLEM, type.slug(), ACT, "publish");
            views.counter(Metric.REJECTIONS, () -> rejections.others(type), PROBLEM, type.slug(), ACT, "other");
        }
        for (Rejections.Unnamed reason : Rejections.Unnamed.values()) {
            views.counter(
                    Metric.REJECTIONS, () -> rejections.unnamed(reason), PROBLEM, Views.label(reason), ACT, "other");
        }
        tokens(views, "publish", authenticator.publisherStats(), authenticator::publisherKeys);
        tokens(views, "subscribe", authenticator.subscriberStats(), authenticator::subscriberKeys);
        tokens(views, "administer", authenticator.administratorStats(), authenticator::administratorKeys);
        for (AdminActions.Action action : AdminActions.Action.values()) {
            views.counter(
                    Metric.ADMIN_ACTIONS, () -> actions.succeeded(action), "action", action.label(), "outcome", "ok");
            views.counter(
                    Metric.ADMIN_ACTIONS, () -> actions.failed(action), "action", action.label(), "outcome", "failed");
        }
        views.gauge(Metric.REVOCATIONS, revocations::size);
        views.gauge(Metric.TOKENS_CACHED, authenticator::cachedTokens);
        views.gauge(Metric.TOKENS_WAITING, authenticator::waitingTokens);
        views.gauge(Metric.TOKENS_WAITING_LIMIT, authenticator::maxWaitingTokens);
        clients(views, "subject", limits::subjects);
        clients(views, "address", limits::addresses);
    }

    private static void tokens(Views views, String act, TokenStats tokens, Supplier<KeyStats> keys) {
        views.counter(Metric.TOKENS_ACCEPTED, tokens::accepted, ACT, act);
        for (TokenRejection reason : TokenRejection.values()) {
            views.counter(Metric.TOKENS_REJECTED, () -> tokens.rejected(reason), "reason", reason.label(), ACT, act);
        }
        views.gauge(
                Metric.KEYS_AGE,
                () -> keys.get().confirmed().map(AccessMeters::age).orElse(Double.NaN),
                ACT,
                act);
        views.gauge(
                Metric.KEYS_FILE_USABLE,
                () -> keys.get().fileUsable().map(usable -> usable ? 1.0 : 0.0).orElse(Double.NaN),
                ACT,
                act);
        views.counter(Metric.KEYS_FETCHES, () -> keys.get().succeeded(), "outcome", "ok", ACT, act);
        views.counter(Metric.KEYS_FETCHES, () -> keys.get().failed(), "outcome", "failed", ACT, act);
    }

    private static void clients(Views views, String kind, Supplier<Optional<PublishLimits.Clients>> clients) {
        views.gauge(
                Metric.LIMITED_CLIENTS,
                () -> clients.get().map(PublishLimits.Clients::known).orElse(Double.NaN),
                KIND,
                kind);
        views.gauge(
                Metric.LIMITED_CLIENTS_LIMIT,
                () -> clients.get().map(PublishLimits.Clients::most).orElse(Double.NaN),
                KIND,
                kind);
    }

    private static double age(Instant confirmed) {
        return Math.max(0, Duration.between(confirmed, Instant.now()).toMillis() / MILLIS_A_SECOND);
    }
}
