package dev.herald.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.limit.BodyMeter;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * Collector of the updates of one request, while its body is being parsed (PROTOCOL Q14). Reserves memory for them,
 * charges them to the client, and adds them to the fingerprint of an idempotency key. So no step costs more than the
 * part of the body that has just arrived. Belongs to the request's event loop. Closing is idempotent.
 */
public final class UpdateCollector implements AutoCloseable {
    /** Most updates in one request. */
    public static final int MAX_UPDATES = 10_000;

    /** Most topics of all updates in one request: each is a row of the log. */
    private static final int MAX_TOPICS = 20_000;

    /** Upper bound of heap bytes for each byte of an update that is being parsed. */
    private static final long BYTES_WHILE_PARSED = 12;

    /** Heap bytes of the entry of a distinct topic. */
    private static final long TOPIC_BYTES = 100;

    private static final long MADE_ID_BYTES = "urn:uuid:00000000-0000-0000-0000-000000000000".length();

    /** Escaped, as half of a surrogate pair. */
    private static final long MAX_BYTES_A_CHARACTER = 6;

    private static final long SEPARATOR_BYTES = 3;

    private final Consumer<Topic> check;
    private final BodyMeter meter;
    private final Reservation memory;
    private final Optional<Fingerprint> key;
    private final Optional<Fingerprint.Builder> content;
    private final Map<String, Topic> topics = new LinkedHashMap<>();
    private final Map<Topic, Integer> firstUse = new HashMap<>();
    private final List<Update> updates = new ArrayList<>();
    private long updateBytes;
    private long topicBytes;
    private int topicCount;
    private int charged = 1;

    /**
     * @param check rejects a reserved topic
     * @param budget of the updates
     * @param key name of the request's idempotency key
     */
    public UpdateCollector(Consumer<Topic> check, BodyMeter meter, MemoryBudget budget, Optional<Fingerprint> key) {
        this.check = check;
        this.meter = meter;
        this.memory = new Reservation(budget);
        this.key = key;
        this.content = key.map(keyed -> new Fingerprint.Builder());
    }

    /**
     * The topic of this name, made once.
     *
     * @throws InvalidFieldException if it is invalid or reserved
     */
    public Topic topic(String name) {
        Topic known = topics.get(name);
        if (known != null) {
            return known;
        }
        Topic topic = new Topic(name);
        check.accept(topic);
        topics.put(name, topic);
        topicBytes += TOPIC_BYTES;
        return topic;
    }

    /**
     * Adds the next update, whose topics come from {@link #topic}.
     *
     * @throws RequestRejectedException if there are too many
     */
    public void add(Update update) {
        if (updates.size() == MAX_UPDATES) {
            throw new RequestRejectedException(
                    ProblemType.BATCH_TOO_LARGE,
                    "A request has at most " + MAX_UPDATES + " updates: send the others in another one. Nothing was"
                            + " published.");
        }
        topicCount += update.topics().size();
        if (topicCount > MAX_TOPICS) {
            throw new RequestRejectedException(
                    ProblemType.BATCH_TOO_LARGE,
                    "The updates of a request have at most " + MAX_TOPICS
                            + " topics, counted for each update: send some"
                            + " of them in another one. Nothing was published.");
        }
        update.topics().forEach(topic -> firstUse.putIfAbsent(topic, updates.size()));
        updateBytes += update.heapBytes();
        content.ifPresent(update::addTo);
        updates.add(update);
    }

    /**
     * Reserves memory before a part of the body is parsed.
     *
     * @param incomplete bytes since the last complete update, the part included
     * @throws RequestRejectedException if there is too little
     */
    public void beforeParsing(long incomplete) {
        reserve(updateBytes + topicBytes + BYTES_WHILE_PARSED * incomplete);
    }

    /**
     * Counts the updates and reserves their memory after a part of the body was parsed.
     *
     * @param incomplete bytes since the last complete update
     * @throws RequestRejectedException if there is too little memory
     */
    public void afterParsing(long incomplete) {
        reserve(updateBytes + topicBytes + BYTES_WHILE_PARSED * incomplete);
        int uncharged = updates.size() - charged;
        if (uncharged > 0) {
            charged = updates.size();
            meter.updates(uncharged);
        }
    }

    /**
     * Charges the updates, when the whole body was parsed.
     *
     * @throws RuntimeException if a quota of the client is used up
     */
    public void settle() {
        meter.settle();
    }

    /**
     * Reserves memory for the updates.
     *
     * @throws RequestRejectedException if there is too little
     */
    void reserve() {
        reserve(updateBytes + topicBytes);
    }

    private void reserve(long target) {
        long more = target - memory.bytes();
        if (more < 0) {
            memory.shrink(-more);
        } else if (!memory.grow(more)) {
            throw RequestRejectedException.bodyOverloaded();
        }
    }

    /** Memory of the updates. */
    public Reservation memory() {
        return memory;
    }

    /** Number of updates so far. */
    public int size() {
        return updates.size();
    }

    /** The distinct topics, in the order of their first use. */
    List<Topic> topics() {
        return List.copyOf(topics.values());
    }

    /** Number of the first update of this topic, from 0. */
    int firstUpdateOf(Topic topic) {
        return firstUse.get(topic);
    }

    /** Bytes of a JSON text with the ids of all events, at most. */
    long answerBytes() {
        return updates.stream()
                .mapToLong(update -> update.id()
                                .map(id -> MAX_BYTES_A_CHARACTER * id.value().length())
                                .orElse(MADE_ID_BYTES)
                        + SEPARATOR_BYTES)
                .sum();
    }

    /** The updates so far. */
    public List<Update> updates() {
        return List.copyOf(updates);
    }

    /** The updates. Releases their memory, since the queue of the log reserves it from now on. */
    UpdateBatch handOver() {
        UpdateBatch batch = new UpdateBatch(
                updates,
                key.map(name -> new IdempotencyKey(name, content.orElseThrow().build())),
                updateBytes);
        close();
        return batch;
    }

    @Override
    public void close() {
        memory.close();
    }
}
