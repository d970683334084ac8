package dev.herald.log;

import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The generations of a log, oldest first; the last is the one that runs. Immutable. There are a thousand at most, and nearly
 * always few, so everything costs O(n).
 *
 * <p>A <em>seam</em> is the start of a generation whose past is not known to be whole: no event stands there, and a reader
 * that crosses it is told of a gap.
 */
public final class Generations {
    private final List<Generation> all;

    /** @param all at least one */
    public Generations(List<Generation> all) {
        this.all = List.copyOf(all);
    }

    /** The one generation of a log that ends with the process. */
    static Generations ofNewLog() {
        return new Generations(List.of(new Generation(newId(List.of()), 0, true)));
    }

    /** A random id for a generation. Its tag is not that of any other. */
    public static long newId(List<Generation> others) {
        SecureRandom random = new SecureRandom();
        long id = random.nextLong();
        while (id == Generation.FORGOTTEN || isTaken(TransientIds.tag(id), others)) {
            id = random.nextLong();
        }
        return id;
    }

    private static boolean isTaken(int tag, List<Generation> others) {
        return others.stream().anyMatch(other -> TransientIds.tag(other.id()) == tag);
    }

    /** The one that runs. */
    public Generation current() {
        return all.get(all.size() - 1);
    }

    /**
     * Where reading goes on for a cursor. Nothing if its generation is unknown, or does not have the event that stood
     * before the cursor: the log is a backup, put back.
     */
    OptionalLong resume(CursorSeal.Mark mark) {
        return within(generation -> generation.id() == mark.generation(), mark.kept(), mark.position());
    }

    /** Where reading goes on for the id of a transient event, as {@link #resume}. */
    OptionalLong resume(TransientIds.Mark mark) {
        for (Generation generation : all) {
            if (generation.id() != Generation.FORGOTTEN && TransientIds.tag(generation.id()) == mark.tag()) {
                long kept = generation.start() + mark.offset();
                return within(generation::equals, kept, kept);
            }
        }
        return OptionalLong.empty();
    }

    /** Transient events of an older generation are gone, so what stood between its last kept event and its end is nothing. */
    private OptionalLong within(Predicate<Generation> named, long kept, long position) {
        long end = Long.MAX_VALUE;
        for (int i = all.size() - 1; i >= 0; i--) {
            Generation generation = all.get(i);
            if (generation.id() != Generation.FORGOTTEN && named.test(generation)) {
                return kept <= end ? OptionalLong.of(Math.min(position, end)) : OptionalLong.empty();
            }
            end = generation.start();
        }
        return OptionalLong.empty();
    }

    /** Where reading after a position begins: there, or at the seam that follows at once. */
    public long behindSeam(long position) {
        long at = position;
        for (Generation generation : all) {
            if (!generation.whole() && generation.start() == at + 1) {
                at++;
            }
        }
        return at;
    }

    /** The last position before the next seam after a position; {@code Long.MAX_VALUE} when none follows. */
    public long beforeSeam(long position) {
        for (Generation generation : all) {
            if (!generation.whole() && generation.start() > position) {
                return generation.start() - 1;
            }
        }
        return Long.MAX_VALUE;
    }

    /** The newest seam, 0 without one. */
    public long lastSeam() {
        return all.stream()
                .filter(generation -> !generation.whole())
                .mapToLong(Generation::start)
                .max()
                .orElse(0);
    }
}
