package dev.herald.limit;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.herald.limit.Quota.Cost;

/** Charge of one publishing request to the quotas of its client. Belongs to the request's event loop. */
public final class PublishCharge {
    private final List<Quota> quotas;
    private final String policies;
    private long updates = 1;
    private long target;
    private long received;
    private long paid;

    /** @param policies value of {@code RateLimit-Policy} for these quotas */
    PublishCharge(List<Quota> quotas, String policies) {
        this.quotas = quotas;
        this.policies = policies;
    }

    /**
     * Charges the request, before its body is read.
     *
     * @param targetBytes length of its URL, which may contain fields of the update
     * @param bodyBytes announced length of its body; 0 if it is unknown
     * @throws QuotaExceededException if a quota is used up; then nothing is charged
     */
    public void begin(long targetBytes, long bodyBytes) {
        target = targetBytes;
        Cost cost = new Cost(updates, targetBytes + bodyBytes);
        take(cost, cost);
        paid = bodyBytes;
    }

    /**
     * Charges a part of the body that has arrived, unless it was announced.
     *
     * @return whether something was charged
     * @throws QuotaExceededException if a quota is used up; earlier parts stay charged
     */
    public boolean receive(int bytes) {
        received += bytes;
        if (received <= paid) {
            return false;
        }
        take(new Cost(0, received - paid), whole());
        paid = received;
        return true;
    }

    /**
     * Counts updates of the request besides the first; {@link #settle} charges them.
     *
     * @throws BatchTooLargeException if the request can never be within a quota
     */
    public void add(int more) {
        updates += more;
        for (Quota quota : quotas) {
            if (!quota.admits(new Cost(updates, 0))) {
                throw new BatchTooLargeException(quota.policy());
            }
        }
    }

    /**
     * Charges the counted updates, once all of them are known: only then is the time to retry known, too.
     *
     * @throws QuotaExceededException if a quota is used up; then none of these updates is charged
     */
    public void settle() {
        if (updates > 1) {
            take(new Cost(updates - 1, 0), whole());
        }
    }

    /** Cost of the request as far as it is known. */
    private Cost whole() {
        return new Cost(updates, target + Math.max(received, paid));
    }

    /** @param whole cost of a request that tries again */
    private void take(Cost cost, Cost whole) {
        for (int i = 0; i < quotas.size(); i++) {
            if (!quotas.get(i).take(cost)) {
                quotas.subList(0, i).forEach(taken -> taken.giveBack(cost));
                throw exceeded(quotas.subList(i, quotas.size()), whole);
            }
        }
    }

    /** @param rest quotas that were not taken, of which the first is used up */
    private static QuotaExceededException exceeded(List<Quota> rest, Cost whole) {
        Duration wait = rest.stream()
                .map(quota -> quota.timeUntil(whole))
                .max(Duration::compareTo)
                .orElseThrow();
        return new QuotaExceededException(rest.get(0).policy(), wait);
    }

    /** Value of {@code RateLimit-Policy}. */
    public String policies() {
        return policies;
    }

    /** Value of {@code RateLimit}, as of the last charge. */
    public String remaining() {
        return quotas.stream().map(Quota::item).collect(Collectors.joining(", "));
    }
}
