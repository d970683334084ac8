package dev.herald.soak;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Request for a stream: its start position, and the form in which the request names it.
 *
 * @param id event or cursor to resume after, if any
 * @param latest number of latest events to start with, instead
 * @param query parameters with the position, each preceded by {@code &}
 * @param header whether the header {@code Last-Event-ID} has the id
 */
record Opening(Kind kind, Optional<String> id, OptionalInt latest, String query, boolean header) {
    private static final int MOST_LATEST = 300;
    private static final List<String> PARAMETERS =
            List.of("lastEventID", "lastEventId", "last_event_id", "last-event-id", "Last-Event-ID");

    /**
     * Chooses a request at random.
     *
     * @param lastId empty for none; a stream without signals then starts at the earliest event
     * @param fitsAHeader whether the transport can send that id in a header
     * @param mayStartAnew whether a subscriber may forget its id and start with the latest events
     */
    static Opening choose(Kind kind, String lastId, boolean fitsAHeader, boolean mayStartAnew, Random random) {
        if (kind.surface() == Kind.Surface.SINCE) {
            boolean anew = lastId.isEmpty() || mayStartAnew && random.nextInt(3) == 0;
            return anew ? latest(kind, random) : since(kind, lastId, fitsAHeader && random.nextBoolean());
        }
        if (lastId.isEmpty() && kind.surface().signals()) {
            return new Opening(kind, Optional.empty(), OptionalInt.empty(), "", false);
        }
        String id = lastId.isEmpty() ? "earliest" : lastId;
        boolean header = fitsAHeader && random.nextInt(3) > 0;
        String query =
                header ? "" : "&" + PARAMETERS.get(random.nextInt(PARAMETERS.size())) + "=" + Selector.escaped(id);
        return new Opening(kind, Optional.of(id), OptionalInt.empty(), query, header);
    }

    private static Opening latest(Kind kind, Random random) {
        int count = 1 + random.nextInt(random.nextBoolean() ? 5 : MOST_LATEST);
        return new Opening(kind, Optional.empty(), OptionalInt.of(count), "&since=" + count, false);
    }

    /** @param overruled whether {@code since} differs from the header, which has precedence */
    private static Opening since(Kind kind, String id, boolean overruled) {
        String query = "&since=" + (overruled ? "5" : Selector.escaped(id));
        return new Opening(kind, Optional.of(id), OptionalInt.empty(), query, overruled);
    }

    /** Path and query. */
    String target() {
        return kind.target() + query;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "text/event-stream");
        kind.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        if (kind.transport().gzip()) {
            headers.put("Accept-Encoding", "gzip");
        }
        if (header) {
            headers.put("Last-Event-ID", id.orElseThrow());
        }
        return headers;
    }

    /** Whether the end of the replay is marked by an event. */
    boolean marksTheEnd() {
        return kind.surface() == Kind.Surface.SINCE;
    }

    /** Whether it resumes after an id that several events may have. */
    boolean repeats() {
        return id.filter(Plan::repeats).isPresent();
    }

    /** Counts a request with {@code since} whose start an id determines. */
    void count(Tally tally) {
        if (marksTheEnd() && id.isPresent()) {
            tally.count(header ? Tally.Seen.SINCE_OVERRULED : Tally.Seen.SINCE_ID);
        }
    }
}
