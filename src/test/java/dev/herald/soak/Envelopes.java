package dev.herald.soak;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.herald.sse.Message;

/**
 * Check of the envelopes that one subscriber receives (PROTOCOL Q17): each names the topics, type and privacy of its
 * update, and contains its data as it was sent. Stateless.
 */
final class Envelopes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENVELOPE = "{\"id\":";

    private final String subscriber;
    private final long seed;
    private final Tally tally;
    private final Faults faults;

    Envelopes(String subscriber, long seed, Tally tally, Faults faults) {
        this.subscriber = subscriber;
        this.seed = seed;
        this.tally = tally;
        this.faults = faults;
    }

    /** The message as a stream without envelopes has it. The hub's own messages have none. */
    Message open(Message message) {
        if (!message.data().startsWith(ENVELOPE)) {
            return message;
        }
        try {
            JsonNode envelope = JSON.readTree(message.data());
            OptionalLong attempt = Attempt.find(message.data());
            if (!envelope.path("id").asText().equals(message.id())
                    || !envelope.path("type").asText("message").equals(message.type())) {
                faults.add("%s: an envelope of another event: %s", subscriber, message);
            }
            String data = attempt.isPresent()
                    ? update(envelope, attempt.getAsLong())
                    : envelope.get("data").toString();
            return new Message(message.id(), message.type(), data);
        } catch (IOException | RuntimeException e) {
            faults.add("%s: no envelope: %s: %s", subscriber, e, message);
            return message;
        }
    }

    /** Data of an update as a stream has it; of another update if it was not sent so. */
    private String update(JsonNode envelope, long attempt) throws IOException {
        tally.count(Tally.Seen.ENVELOPE);
        Plan plan = Plan.of(seed, attempt);
        check(envelope, plan).ifPresent(fault -> faults.add("%s: %s: %s", subscriber, Attempt.marker(attempt), fault));
        JsonNode data = envelope.get("data");
        boolean asSent = data.isTextual()
                ? data.asText().equals(plan.sent(attempt))
                : data.equals(JSON.readTree(plan.received(attempt)));
        return asSent ? plan.received(attempt) : data.toString();
    }

    /** What is wrong with the other members of an event in JSON (PROTOCOL Q16). */
    static Optional<String> check(JsonNode event, Plan plan) {
        List<String> topics = StreamSupport.stream(event.path("topics").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        if (!topics.equals(plan.topics().stream().distinct().toList())) {
            return Optional.of("topics " + topics + " instead of " + plan.topics());
        }
        if (event.path("private").asBoolean(!plan.isPrivate()) != plan.isPrivate()) {
            return Optional.of("private is " + event.get("private"));
        }
        if (!Optional.ofNullable(event.get("type")).map(JsonNode::asText).equals(plan.type())) {
            return Optional.of("type is " + event.get("type"));
        }
        return Optional.empty();
    }
}
