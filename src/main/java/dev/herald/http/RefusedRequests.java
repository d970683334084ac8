package dev.herald.http;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpMethod;
import org.jboss.logging.Logger;

import dev.herald.auth.Authenticator;
import dev.herald.logging.MinuteLog;

/**
 * Report of refused requests. They are counted ({@link Rejections}), and logged as at most one INFO line a minute for
 * each kind, with their number (decision 213). Lines name no path, topic, token or address. Thread-safe.
 */
@ApplicationScoped
class RefusedRequests {
    private static final Logger LOG = Logger.getLogger(RefusedRequests.class);

    /** Slips of a URL or header, lost connections, and failures that are reported at ERROR. */
    private static final Set<ProblemType> NO_REFUSALS = EnumSet.of(
            ProblemType.NOT_FOUND,
            ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.INCOMPLETE_BODY,
            ProblemType.INTERNAL_ERROR);

    private final MinuteLog<Kind> log = new MinuteLog<>(RefusedRequests::report);
    private final Rejections rejections;
    private final Authenticator authenticator;

    RefusedRequests(Rejections rejections, Authenticator authenticator) {
        this.rejections = rejections;
        this.authenticator = authenticator;
    }

    /**
     * Kind of refused requests.
     *
     * @param request what was refused
     * @param problem name of the problem type, or the status of a request that reached no resource
     * @param selfCheck whether the hub sent it to itself: apart, so that it does not delay the first line about a client
     */
    private record Kind(Act request, String problem, boolean selfCheck) {}

    private enum Act {
        PUBLISH,
        READ,
        PREFLIGHT;

        static Act of(HttpMethod method) {
            if (method.equals(HttpMethod.POST)) {
                return PUBLISH;
            }
            return method.equals(HttpMethod.OPTIONS) ? PREFLIGHT : READ;
        }
    }

    /** Records a refusal that was answered with this problem. */
    void record(HttpMethod method, ProblemType type) {
        count(method, type);
        if (!NO_REFUSALS.contains(type)) {
            log.record(kind(method, type.slug()));
        }
    }

    /** Counts a refusal that has its line in the log already. */
    void count(HttpMethod method, ProblemType type) {
        rejections.count(method, type);
    }

    /** Counts a refusal without a problem type. */
    void count(Rejections.Unnamed reason) {
        rejections.count(reason);
    }

    /** Reports a refusal without a problem type. */
    void record(HttpMethod method, int status) {
        log.record(kind(method, Integer.toString(status)));
    }

    private Kind kind(HttpMethod method, String problem) {
        return new Kind(Act.of(method), problem, authenticator.selfChecking());
    }

    private static void report(Kind kind, long count, boolean first) {
        LOG.logf(
                kind.selfCheck() ? Logger.Level.DEBUG : Logger.Level.INFO,
                "Requests were refused. request=%s problem=%s count=%d",
                kind.request().name().toLowerCase(Locale.ROOT),
                kind.problem(),
                count);
    }
}
