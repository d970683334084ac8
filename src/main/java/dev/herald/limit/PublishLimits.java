package dev.herald.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Ticker;

import dev.herald.limit.LimitsConfig.ClientLimits;
import dev.herald.limit.RatePolicy.Kind;
import dev.herald.limit.RatePolicy.Unit;

/** Rate limits of publishing, by subject and by address. Thread-safe. */
public final class PublishLimits {
    private final Optional<BucketTable> subjects;
    private final Optional<BucketTable> addresses;
    private final String policiesOfAddress;
    private final String policiesOfBoth;

    /**
     * @param largestRequest bytes of the largest accepted request, which a full bucket of bytes always admits
     * @param maxBytes maximum heap for what is kept of clients
     * @param ticker time, in nanoseconds
     */
    PublishLimits(LimitsConfig config, long largestRequest, long maxBytes, Ticker ticker) {
        List<RatePolicy> ofSubject = policies(Kind.SUBJECT, config.subject(), config.burst(), largestRequest);
        List<RatePolicy> ofAddress = policies(Kind.ADDRESS, config.address(), config.burst(), largestRequest);
        long share = ofSubject.isEmpty() || ofAddress.isEmpty() ? maxBytes : maxBytes / 2;
        this.subjects = table(ofSubject, share, ticker);
        this.addresses = table(ofAddress, share, ticker);
        this.policiesOfAddress = field(ofAddress);
        this.policiesOfBoth = field(concat(ofSubject, ofAddress));
    }

    /** Whether the configuration sets any limit of publishing. */
    public static boolean configured(LimitsConfig config) {
        return Stream.of(config.subject(), config.address())
                .anyMatch(limits -> limits.updatesPerSecond().isPresent()
                        || limits.bytesPerSecond().isPresent());
    }

    private static List<RatePolicy> policies(Kind kind, ClientLimits limits, Duration burst, long largestRequest) {
        List<RatePolicy> policies = new ArrayList<>();
        limits.updatesPerSecond()
                .ifPresent(rate -> policies.add(new RatePolicy(kind, Unit.UPDATES, rate, rate * burst.toSeconds())));
        limits.bytesPerSecond().ifPresent(size -> {
            long rate = size.asLongValue();
            policies.add(new RatePolicy(kind, Unit.BYTES, rate, Math.max(rate * burst.toSeconds(), largestRequest)));
        });
        return List.copyOf(policies);
    }

    private static Optional<BucketTable> table(List<RatePolicy> policies, long maxBytes, Ticker ticker) {
        return policies.isEmpty() ? Optional.empty() : Optional.of(new BucketTable(policies, maxBytes, ticker));
    }

    private static String field(List<RatePolicy> policies) {
        return policies.stream().map(RatePolicy::item).collect(Collectors.joining(", "));
    }

    private static <T> List<T> concat(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /**
     * Clients of one kind whose quotas are in memory.
     *
     * @param known their number
     * @param most its maximum
     */
    public record Clients(double known, double most) {
        private static Clients of(BucketTable table) {
            return new Clients(table.size(), table.maxSize());
        }
    }

    /** The subjects whose quotas are in memory; empty without a limit for them. */
    public Optional<Clients> subjects() {
        return subjects.map(Clients::of);
    }

    /** The addresses whose quotas are in memory; empty without a limit for them. */
    public Optional<Clients> addresses() {
        return addresses.map(Clients::of);
    }

    /** Whether any limit is set. */
    public boolean enabled() {
        return subjects.isPresent() || addresses.isPresent();
    }

    /** Charge of one request of this client; empty if no limit applies to it. */
    public Optional<PublishCharge> charge(Client client) {
        List<Quota> ofSubject = quotas(subjects, client.subject());
        List<Quota> ofAddress = quotas(addresses, Optional.of(client.network()));
        List<Quota> quotas = concat(ofSubject, ofAddress);
        return quotas.isEmpty()
                ? Optional.empty()
                : Optional.of(new PublishCharge(quotas, ofSubject.isEmpty() ? policiesOfAddress : policiesOfBoth));
    }

    private static List<Quota> quotas(Optional<BucketTable> table, Optional<String> key) {
        return table.isPresent() && key.isPresent() ? table.get().of(key.get()) : List.of();
    }
}
