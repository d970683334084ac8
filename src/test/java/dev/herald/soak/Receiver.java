package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import dev.herald.sse.Message;

/**
 * Messages received by one subscriber. Verifies each message on arrival: the subscriber is authorized, and the content
 * is as sent. Keeps the attempts' numbers for {@link DeliveryCheck}. Thread-safe.
 */
final class Receiver {
    private static final Set<String> SIGNALS = Set.of("cursor", "gap", "live", "end");
    private static final String GENERATED_ID = "urn:uuid:[0-9a-f-]{36}";

    private final Kind kind;
    private final long seed;
    private final Faults faults;
    private final PresenceCheck presence;
    private List<Stored> received = new ArrayList<>();
    private long lastAttempt;
    private String lastId = "";
    private boolean begun;
    private long delivered;
    private long presenceUpdates;
    private int gaps;

    Receiver(Kind kind, long seed, Faults faults) {
        this.kind = kind;
        this.seed = seed;
        this.faults = faults;
        presence = new PresenceCheck(kind.name(), faults);
    }

    synchronized void receive(Message message) {
        begun = true;
        OptionalLong attempt = Attempt.find(message.data());
        if (SIGNALS.contains(message.type())) {
            // The requested id in a gap's data may have a marker, too.
            signal(message);
        } else if (attempt.isPresent()) {
            receive(attempt.getAsLong(), message);
        } else if (!message.data().equals("{}") || !kind.surface().signals()) {
            receivePresence(message);
        }
        if (message.id().isEmpty()) {
            faults.add("%s: a message without id: %s", kind.name(), shortened(message));
        } else {
            lastId = message.id();
        }
    }

    private void signal(Message message) {
        if (!kind.surface().signals()) {
            faults.add("%s: a signal without signals=1: %s", kind.name(), shortened(message));
        } else if (message.type().equals("gap")) {
            gap();
        }
    }

    private void receive(long attempt, Message message) {
        Plan plan = Plan.of(seed, attempt);
        if (!kind.sees(plan)) {
            faults.add("%s: received what is not for it: %s", kind.name(), shortened(message));
        }
        boolean asSent = message.data().equals(plan.received(attempt))
                && message.type().equals(plan.type().orElse("message"))
                && plan.id(attempt).map(message.id()::equals).orElseGet(() -> message.id()
                        .matches(GENERATED_ID));
        if (!asSent) {
            faults.add("%s: received what was not sent so: %s for %s", kind.name(), shortened(message), plan);
        }
        received.add(new Stored(attempt, message.id().hashCode()));
        lastAttempt = attempt;
        delivered++;
    }

    private void receivePresence(Message message) {
        Optional<JsonNode> document = PresenceCheck.document(message.data());
        if (document.isEmpty() || !kind.seesPresence()) {
            faults.add("%s: received what nobody sent it: %s", kind.name(), shortened(message));
        } else {
            presence.receive(document.get());
            presenceUpdates++;
        }
    }

    private static String shortened(Message message) {
        String text = message.toString();
        return text.length() > 300 ? text.substring(0, 300) + "… (" + text.length() + ")" : text;
    }

    /** Records a gap reported in the stream or in the response head. */
    synchronized void gap() {
        received.add(Stored.GAP);
        gaps++;
    }

    /** Last id to resume after; empty before the first id. */
    synchronized String lastId() {
        return lastId;
    }

    /** Whether it should receive the update of an attempt. */
    boolean sees(long attempt) {
        return kind.sees(Plan.of(seed, attempt));
    }

    /** Whether anything was received. */
    synchronized boolean begun() {
        return begun;
    }

    /** Whether this is the newest received update. */
    synchronized boolean hasReached(long attempt) {
        return lastAttempt == attempt;
    }

    /** Messages since the last call. */
    synchronized List<Stored> take() {
        List<Stored> taken = received;
        received = new ArrayList<>();
        return taken;
    }

    Kind kind() {
        return kind;
    }

    PresenceCheck presence() {
        return presence;
    }

    /** Counts for the report. */
    synchronized String summary() {
        return kind.name() + "=" + delivered + (kind.seesPresence() ? "+" + presenceUpdates : "")
                + (gaps > 0 ? " (" + gaps + " gaps)" : "");
    }
}
