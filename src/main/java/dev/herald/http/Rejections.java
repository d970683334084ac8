package dev.herald.http;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.HttpMethod;

import dev.herald.stats.SharedCounters;

/** Counters of rejected requests, by problem type and by whether they wanted to publish. Thread-safe. */
@ApplicationScoped
public class Rejections {
    private final SharedCounters<ProblemType> publishing = new SharedCounters<>(ProblemType.values());
    private final SharedCounters<ProblemType> others = new SharedCounters<>(ProblemType.values());
    private final SharedCounters<Unnamed> unnamed = new SharedCounters<>(Unnamed.values());

    /** Rejections without a problem type of the hub. */
    public enum Unnamed {
        /** Requests that are not valid HTTP, or that failed before they reached a resource. */
        INVALID_HTTP,
        /** Requests that the framework rejected for a reason of its own. */
        OTHER
    }

    void count(HttpMethod method, ProblemType type) {
        (method.equals(HttpMethod.POST) ? publishing : others).increment(type);
    }

    void count(Unnamed reason) {
        unnamed.increment(reason);
    }

    /** Rejected requests to publish. */
    public long publishing(ProblemType type) {
        return publishing.get(type);
    }

    /** Rejected requests of another kind, such as to subscribe. */
    public long others(ProblemType type) {
        return others.get(type);
    }

    public long unnamed(Unnamed reason) {
        return unnamed.get(reason);
    }
}
