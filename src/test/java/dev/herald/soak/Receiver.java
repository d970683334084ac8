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
 * is as sent. Keeps the rest for {@link DeliveryCheck}. Thread-safe.
 */
final class Receiver {
    private boolean endAnnounced;
    private static final Set<String> SIGNALS = Set.of("cursor", "gap", "live", "end");
    private static final String GENERATED_ID = "urn:uuid:[0-9a-f-]{36}";

    private final Kind kind;
    private final long seed;
    private final Tally tally;
    private final Faults faults;
    private final PresenceCheck presence;
    private final RetryCheck retries;
    private final Optional<Envelopes> envelopes;
    private List<Arrival> arrivals = new ArrayList<>();
    private long lastAttempt;
    private String lastId = "";
    private boolean begun;
    private boolean awaitsLive;
    private long requestedAt;
    private long delivered;
    private long presenceUpdates;
    private int gaps;

    Receiver(Kind kind, long seed, Tally tally, Faults faults) {
        this.kind = kind;
        this.seed = seed;
        this.tally = tally;
        this.faults = faults;
        presence = new PresenceCheck(kind.name(), faults);
        retries = new RetryCheck(kind.name(), tally, faults);
        envelopes = kind.surface() == Kind.Surface.ENVELOPE
                ? Optional.of(new Envelopes(kind.name(), seed, tally, faults))
                : Optional.empty();
    }

    /**
     * Call when a stream begins.
     *
     * @param requested time before the request, by {@link System#nanoTime()}
     */
    synchronized void opened(Opening opening, long requested) {
        requestedAt = requested;
        awaitsLive = opening.marksTheEnd();
        long now = System.nanoTime();
        if (opening.latest().isPresent() || opening.repeats()) {
            presence.startAnew();
        }
        if (opening.latest().isPresent()) {
            arrivals.add(new Arrival.Latest(opening.latest().getAsInt(), requested, now));
            lastId = "";
        } else if (opening.repeats()) {
            arrivals.add(new Arrival.Resumed(opening.id().orElseThrow().hashCode(), requested, now));
        }
    }

    /** @param retry reconnection time in the message's block, in milliseconds */
    synchronized void receive(Message received, OptionalLong retry) {
        begun = true;
        endAnnounced = false;
        Message message = envelopes.map(all -> all.open(received)).orElse(received);
        OptionalLong attempt = Attempt.find(message.data());
        if (SIGNALS.contains(message.type())) {
            // The requested id in a gap's data may have a marker, too.
            signal(message);
            endAnnounced = message.type().equals("end");
            if (endAnnounced) {
                retries.receiveLast(retry);
            } else {
                retries.receiveSignal(retry);
            }
        } else if (attempt.isPresent()) {
            receive(attempt.getAsLong(), message);
            retries.receive(attempt.getAsLong(), Plan.of(seed, attempt.getAsLong()), retry);
        } else if (message.data().equals("{}") && kind.surface().signals()) {
            retries.receiveFirst(retry);
        } else {
            receivePresence(message);
            retries.receiveSignal(retry);
        }
        if (message.id().isEmpty() && !message.type().equals("end")) {
            // A stream that is rejected during a drain has no position.
            faults.add("%s: a message without id: %s", kind.name(), shortened(message));
        } else if (!message.id().isEmpty()) {
            lastId = message.id();
        }
    }

    /**
     * Call when the hub has ended a stream.
     *
     * @param retry reconnection time behind the last block, in milliseconds; an end event has it inside
     */
    synchronized void ended(OptionalLong retry) {
        if (endAnnounced) {
            retries.receiveSignal(retry);
        } else {
            retries.receiveLast(retry);
        }
        endAnnounced = false;
    }

    private void signal(Message message) {
        if (!kind.surface().signals()) {
            faults.add("%s: a signal without signals=1: %s", kind.name(), shortened(message));
        } else if (message.type().equals("gap")) {
            gap();
        } else if (message.type().equals("live")) {
            live(message);
        }
    }

    private void live(Message message) {
        if (!awaitsLive) {
            faults.add("%s: an end of the replay that is not due: %s", kind.name(), shortened(message));
        }
        awaitsLive = false;
        arrivals.add(new Arrival.Live(requestedAt, System.nanoTime()));
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
        arrivals.add(new Arrival.Event(attempt, message.id().hashCode(), System.nanoTime()));
        lastAttempt = attempt;
        delivered++;
        if (kind.transport().tls()) {
            tally.count(kind.transport().http2() ? Tally.Seen.TLS_RECEIVED_HTTP_2 : Tally.Seen.TLS_RECEIVED_HTTP_1);
        }
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
        arrivals.add(new Arrival.Gap(System.nanoTime()));
        gaps++;
    }

    /** Last id to resume after; empty before the first id. */
    synchronized String lastId() {
        return lastId;
    }

    /** Its view of the log. */
    View view(RoundLog log) {
        return new View(
                log, attempt -> kind.sees(Plan.of(seed, attempt)), attempt -> kind.mayRead(Plan.of(seed, attempt)));
    }

    /** Number of updates of a round that it asks for and may not read, though it has a token. */
    int denied(RoundLog log) {
        int denied = 0;
        for (int i = log.begin(); i < log.size(); i++) {
            denied += kind.isDenied(Plan.of(seed, log.get(i).attempt())) ? 1 : 0;
        }
        return denied;
    }

    /** Whether anything was received. */
    synchronized boolean begun() {
        return begun;
    }

    /** Whether this is the newest received update, and no replay is in progress. */
    synchronized boolean hasReached(long attempt) {
        return lastAttempt == attempt && !awaitsLive;
    }

    /** What arrived since the last call. */
    synchronized List<Arrival> take() {
        List<Arrival> taken = arrivals;
        arrivals = new ArrayList<>();
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
