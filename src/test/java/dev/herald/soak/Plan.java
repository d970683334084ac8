package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Update as sent by a publisher. It is a function of the seed, the publisher and the sequence number, so that updates
 * need not be stored to check their deliveries.
 *
 * @param form kind of request
 * @param topics the first one is the canonical one
 * @param token whether the publisher sends a token
 * @param retry reconnection time that the publisher gives, in milliseconds
 * @param naming origin of the event id
 * @param lineBreaks number of line breaks in the data
 * @param padding number of padding characters in the data
 */
record Plan(
        Form form,
        List<String> topics,
        boolean isPrivate,
        boolean token,
        Optional<String> type,
        OptionalLong retry,
        Naming naming,
        int lineBreaks,
        int padding) {
    /** Number of the publisher whose updates go to all topics and end a round. */
    static final int BELL = 0;

    /** Number of the publisher of several updates in a request. */
    static final int BATCHES = 7;

    /** Most updates in a request. The numbers of a batch begin with a multiple of this. */
    static final int BATCH = 16;

    /** Number of the publisher without a token. */
    static final int ANONYMOUS = 1;

    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final String FILLER = "päd€ ";
    private static final List<String> BREAKS = List.of("\n", "\r\n", "\r", "\n\n");
    private static final int LARGE = 140_000;
    private static final List<Naming> NAMINGS =
            List.of(Naming.HUB, Naming.HUB, Naming.HUB, Naming.HUB, Naming.OWN, Naming.OWN, Naming.REPEATED);

    /** Number of large updates in a row that exceeds the kernel's buffers for a slow reader, about 3 MB. */
    private static final int FLOOD = 25;

    private static final int FLOOD_EVERY = 2_400;

    /** Largest padding in a batch, which together stays below the limit of a body. */
    private static final int BATCH_PADDING = 20_000;

    /** Number of updates of one publisher in a row among which those with a repeated id have the same one. */
    private static final int WINDOW = 60;

    private static final String REPEATED_ID = "again[";

    /** The plan of one attempt's update. */
    static Plan of(long seed, long attempt) {
        int publisher = Attempt.publisher(attempt);
        if (publisher == BELL) {
            return new Plan(
                    Form.MERCURE,
                    Selector.TOPICS,
                    false,
                    true,
                    Optional.empty(),
                    OptionalLong.empty(),
                    Naming.OWN,
                    0,
                    0);
        }
        SplittableRandom random =
                new SplittableRandom(seed ^ MIX * publisher ^ Long.rotateLeft(MIX, 32) * Attempt.sequence(attempt));
        boolean token = publisher != ANONYMOUS;
        Form single = Form.SINGLE.get(random.nextInt(Form.SINGLE.size()));
        Form form = publisher == BATCHES ? Form.BATCH : single;
        List<String> topics = new ArrayList<>(List.of(topic(random)));
        if (form.severalTopics() && random.nextInt(5) == 0) {
            topics.add(topic(random));
        }
        return new Plan(
                form,
                topics,
                token && random.nextInt(3) == 0,
                token,
                random.nextInt(4) == 0 ? Optional.of("order.paid") : Optional.empty(),
                random.nextInt(6) == 0 ? OptionalLong.of(retry(random)) : OptionalLong.empty(),
                NAMINGS.get(random.nextInt(NAMINGS.size())),
                random.nextInt(4) == 0 ? random.nextInt(30) : 0,
                Math.min(
                        padding(random, publisher * (FLOOD_EVERY / 6) + Attempt.sequence(attempt)),
                        form == Form.BATCH ? BATCH_PADDING : LARGE));
    }

    /** Number of updates in the batch that begins with a sequence number. */
    static int batchSize(long seed, long sequence) {
        return 1 + new SplittableRandom(seed ^ MIX * sequence).nextInt(BATCH);
    }

    /** The first sequence number, from one on, with which a batch can begin. */
    static long batch(long sequence) {
        return (sequence + BATCH - 1) / BATCH * BATCH;
    }

    /** From 0 to the largest number that is accepted. */
    private static long retry(SplittableRandom random) {
        return random.nextLong((long) Math.pow(10, 1 + random.nextInt(18)));
    }

    private static String topic(SplittableRandom random) {
        return Selector.TOPICS.get(random.nextInt(Selector.TOPICS.size()));
    }

    private static int padding(SplittableRandom random, long sequence) {
        int shape = random.nextInt(300);
        boolean large = shape == 0 || sequence % FLOOD_EVERY < FLOOD;
        return large ? LARGE : shape < 20 ? random.nextInt(5_000) : random.nextInt(200);
    }

    /** The publisher's own id of the event. */
    Optional<String> id(long attempt) {
        return switch (naming) {
            case HUB -> Optional.empty();
            case OWN -> Optional.of("given[" + Attempt.marker(attempt) + "]/\"ü\"");
            case REPEATED ->
                Optional.of(REPEATED_ID + Attempt.publisher(attempt) + "-" + Attempt.sequence(attempt) / WINDOW
                        + "]/\"ü\"");
        };
    }

    /** Whether several events may have the id. */
    static boolean repeats(String id) {
        return id.startsWith(REPEATED_ID);
    }

    /** The first sequence number, from one on, whose update has no id of an update before. */
    static long window(long sequence) {
        return (sequence + WINDOW - 1) / WINDOW * WINDOW;
    }

    /** The data or message as the publisher sends it. */
    String sent(long attempt) {
        String filled = FILLER.repeat(padding / FILLER.length()) + "end";
        if (form == Form.QUICK_JSON) {
            return "{" + breaks() + "\"soak\": \"" + Attempt.marker(attempt) + "\"," + breaks() + "\"filler\":\""
                    + filled + "\"}";
        }
        return "text " + Attempt.marker(attempt) + breaks() + filled;
    }

    private String breaks() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < lineBreaks; i++) {
            all.append(BREAKS.get(i % BREAKS.size())).append("  ");
        }
        return all.toString();
    }

    /** The data as a subscriber receives it, after the lines of the stream are joined (HTML §9.2.6). */
    String received(long attempt) {
        String sent = sent(attempt);
        String data = form == Form.QUICK_TEXT || form == Form.QUICK_FORM
                ? JsonNodeFactory.instance.objectNode().put("message", sent).toString()
                : sent;
        return data.replaceAll("\r\n|\r", "\n");
    }

    /** Kind of publishing request. */
    enum Form {
        QUICK_JSON,
        QUICK_TEXT,
        QUICK_FORM,
        MERCURE,
        /** One of several in a request. */
        BATCH;

        /** Those of one update in a request. */
        private static final List<Form> SINGLE = List.of(QUICK_JSON, QUICK_TEXT, QUICK_FORM, MERCURE);

        private boolean severalTopics() {
            return this == MERCURE || this == BATCH;
        }
    }

    /** Origin of an event's id. */
    enum Naming {
        HUB,
        /** Given by the publisher, once. */
        OWN,
        /** Given by the publisher, several times. */
        REPEATED
    }
}
