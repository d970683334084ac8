package dev.herald.http;

import java.util.Optional;

import jakarta.inject.Singleton;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.auth.Grants;
import dev.herald.limit.BodyMeter;
import dev.herald.limit.Limits;
import dev.herald.limit.PublishCharge;
import dev.herald.limit.PublishLimits;
import dev.herald.limit.QuotaExceededException;

/**
 * Meter of publishing requests against the rate limits of their clients. Writes the quotas into each answer
 * (draft-ietf-httpapi-ratelimit-headers-10). Thread-safe.
 */
@Singleton
public class PublishMeter {
    /** Response header with what is left of each quota. */
    static final String REMAINING = "RateLimit";

    /** Response header with the quotas. */
    static final String POLICY = "RateLimit-Policy";

    private final PublishLimits limits;
    private final Clients clients;
    private final long maxBody;

    public PublishMeter(Limits limits, Clients clients, PublishConfig config) {
        this.limits = limits.publishing();
        this.clients = clients;
        this.maxBody = config.maxBody().asLongValue();
    }

    /**
     * Charges a request and one update, before its body is read. Must be called on its event loop.
     *
     * @return the meter of its body
     * @throws QuotaExceededException if a quota is used up; the meter throws it, too
     */
    public BodyMeter charge(HttpServerRequest request, Grants grants) {
        Optional<PublishCharge> charge =
                limits.enabled() ? limits.charge(clients.of(request, grants)) : Optional.empty();
        charge.ifPresent(quotas -> begin(request, quotas));
        return charge.<BodyMeter>map(quotas -> new ChargedBody(request.response(), quotas))
                .orElse(BodyMeter.FREE);
    }

    private void begin(HttpServerRequest request, PublishCharge charge) {
        try {
            charge.begin(request.uri().length(), announced(request));
        } catch (QuotaExceededException e) {
            if (e.byAddress()) {
                clients.warnOfUnknownProxy(request);
            }
            throw e;
        } finally {
            request.response().putHeader(POLICY, charge.policies());
            request.response().putHeader(REMAINING, charge.remaining());
        }
    }

    /** Announced size of the body; 0 if there is none, or if it is too large, since then it is not read. */
    private long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        long bytes = length == null ? 0 : Long.parseLong(length);
        return bytes <= maxBody ? bytes : 0;
    }

    /**
     * Meter of the body of one request. The header is written again at its end, if the body has cost more than was
     * announced. Belongs to the request's event loop.
     */
    private static final class ChargedBody implements BodyMeter {
        private final HttpServerResponse response;
        private final PublishCharge charge;
        private boolean outdated;

        ChargedBody(HttpServerResponse response, PublishCharge charge) {
            this.response = response;
            this.charge = charge;
        }

        @Override
        public void bytes(int count) {
            boolean charged = true;
            try {
                charged = charge.receive(count);
            } finally {
                outdated |= charged;
            }
        }

        @Override
        public void updates(int more) {
            charge.add(more);
        }

        @Override
        public void settle() {
            outdated = true;
            charge.settle();
        }

        @Override
        public void end() {
            if (outdated && !response.headWritten()) {
                response.putHeader(REMAINING, charge.remaining());
            }
        }
    }
}
