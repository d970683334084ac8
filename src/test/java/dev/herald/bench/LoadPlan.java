package dev.herald.bench;

import java.io.IOException;
import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a {@link LoadGenerator} is to do to a server. Goes from one process to the other as JSON. Not thread-safe. */
final class LoadPlan {
    private static final ObjectMapper MAPPER = new ObjectMapper().setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

    /** Of the server, on this machine. */
    int port;

    /** The process whose time on the processor is taken. */
    long pid;

    /** Subscribers are streams of HTTP/2 with prior knowledge, and not connections of HTTP/1.1. */
    boolean http2;

    /** How many listen while something is published, and are measured. */
    int subscribers;

    /** Each of them has a topic of its own, to none of which anything is published. */
    boolean ownTopics;

    /** How many more listen, to what is bulky too, and stop reading. */
    int slow;

    /** How many messages are published before anybody listens. */
    int history;

    /** How many more come when the measuring begins, and want everything from the beginning. */
    int replaying;

    /** How many more are open, each with seven templates of 4 KB that match nothing and are compared to the end. */
    int expensive;

    /** How many more come each second, and leave as soon as they are live. */
    int churn;

    /** Token of somebody who must be told of each who comes and goes; none: nobody is. */
    String watcher;

    /** How many post, each after its last post was answered. */
    int publishers = 1;

    /** Each message goes to a topic that was never used before. */
    boolean freshTopics;

    /** Messages a second of all publishers together, by a clock that waits for nobody. 0: as fast as answered. */
    double rate;

    /** Most messages of one publisher. */
    long messages = Long.MAX_VALUE;

    /** How long is published before it is measured, in milliseconds. */
    long warmMillis = 500;

    /** How long is published while it is measured, in milliseconds. */
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

    /** One message and nothing before it. */
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
