package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Model of the newest event of each topic (PROTOCOL Q18): all events of the log in order, searched backward. One thread
 * uses it.
 */
final class LatestModel {
    /** Number of newest events that a log with limited retention certainly has. */
    private static final int RETAINED = 500;

    private final long seed;
    private final boolean keepsEverything;
    private final Longs attempts = new Longs();

    LatestModel(long seed, boolean keepsEverything) {
        this.seed = seed;
        this.keepsEverything = keepsEverything;
    }

    /** Adds the next event of the log. */
    void add(long attempt) {
        attempts.add(attempt);
    }

    /**
     * What is wrong with an answer.
     *
     * @param found attempts of the newest events of the topics that a subscriber selects, in the order of the answer
     */
    Optional<String> check(Kind kind, List<Long> found) {
        TreeSet<Integer> places = new TreeSet<>();
        selected(kind).forEach(topic -> newest(kind, topic).ifPresent(places::add));
        List<Long> expected = new ArrayList<>();
        List<Long> possible = new ArrayList<>();
        for (int place : places) {
            possible.add(attempts.get(place));
            if (keepsEverything || place >= attempts.size() - RETAINED) {
                expected.add(attempts.get(place));
            }
        }
        List<Long> known = keepsEverything
                ? found
                : found.stream().filter(possible::contains).toList();
        boolean right = known.containsAll(expected)
                && known.equals(possible.stream().filter(known::contains).toList());
        return right
                ? Optional.empty()
                : Optional.of(texts(found) + " instead of " + texts(expected) + ", possibly " + texts(possible));
    }

    private static List<String> texts(List<Long> attempts) {
        return attempts.stream().map(Attempt::marker).toList();
    }

    private static Stream<String> selected(Kind kind) {
        return Selector.TOPICS.stream()
                .filter(topic -> kind.selectors().stream().anyMatch(selector -> selector.matchesAny(List.of(topic))));
    }

    /** Place of the newest event of a topic that the subscriber may read. */
    private OptionalInt newest(Kind kind, String topic) {
        for (int place = attempts.size() - 1; place >= 0; place--) {
            Plan plan = Plan.of(seed, attempts.get(place));
            if (plan.topics().contains(topic) && kind.mayRead(plan)) {
                return OptionalInt.of(place);
            }
        }
        return OptionalInt.empty();
    }
}
