package dev.herald.bench;

import java.io.IOException;
import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Load that a {@link LoadGenerator} applies to a server. Passed between processes as JSON. Not thread-safe. */
final class LoadPlan {
    private static final ObjectMapper MAPPER = new ObjectMapper().setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

    /** Port of the server on this machine. */
    int port;

    /** Process whose CPU time is measured. */
    long pid;

    /** Whether subscribers are HTTP/2 streams with prior knowledge instead of HTTP/1.1 connections. */
    boolean http2;

    /** Number of measured subscribers. */
    int subscribers;

    /** Whether each subscriber has its own topic, without published messages. */
    boolean ownTopics;

    /** Number of further subscribers, also to bulky messages, that stop reading. */
    int slow;

    /** Number of messages published before the first subscriber. */
    int history;

    /** Number of further subscribers that connect when measuring starts, and replay everything. */
    int replaying;

    /** Number of further streams, each with seven templates of 4 KB that match nothing and are compared to the end. */
    int expensive;

    /** Number of further subscribers per second that disconnect as soon as they are live. */
    int churn;

    /** Token of a subscriber that must receive each update about subscriptions; null for none. */
    String watcher;

    /** Number of publishers, each of which posts after the response to its last post. */
    int publishers = 1;

    /** Whether each message has a new topic. */
    boolean freshTopics;

    /** Messages per second of all publishers together, independent of responses. 0: as fast as answered. */
    double rate;

    /** Maximum number of messages of one publisher. */
    long messages = Long.MAX_VALUE;

    /** Warm-up time of publishing, in milliseconds. */
    long warmMillis = 500;

    /** Measured time of publishing, in milliseconds. */
    long millis = 1_000;

    static LoadPlan against(Server server) {
        LoadPlan plan = new LoadPlan();
        plan.port = server.address().getPort();
        plan.pid = server.pid();
        return plan;
    }

    LoadPlan http2() {
        http2 = true;
        return this;
    }

    LoadPlan subscribers(int count) {
        subscribers = count;
        return this;
    }

    LoadPlan ownTopics() {
        ownTopics = true;
        return this;
    }

    LoadPlan slow(int count) {
        slow = count;
        return this;
    }

    LoadPlan replaying(int count, int events) {
        replaying = count;
        history = events;
        return this;
    }

    LoadPlan expensive(int count) {
        expensive = count;
        return this;
    }

    LoadPlan churn(int aSecond) {
        churn = aSecond;
        return this;
    }

    LoadPlan watchedWith(String token) {
        watcher = token;
        return this;
    }

    LoadPlan publishers(int count) {
        publishers = count;
        return this;
    }

    LoadPlan freshTopics() {
        freshTopics = true;
        return this;
    }

    LoadPlan rate(double aSecond) {
        rate = aSecond;
        return this;
    }

    /** Sets one message without warm-up. */
    LoadPlan once() {
        messages = 1;
        warmMillis = 0;
        return this;
    }

    LoadPlan measured(Duration duration) {
        millis = duration.toMillis();
        return this;
    }

    String json() throws IOException {
        return MAPPER.writeValueAsString(this);
    }

    static LoadPlan of(String json) throws IOException {
        return MAPPER.readValue(json, LoadPlan.class);
    }
}
