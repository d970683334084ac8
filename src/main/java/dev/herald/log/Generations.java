package dev.herald.log;

import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Generations of a log, oldest first; the last one is running. Immutable. At most a thousand and nearly always few, so
 * each method costs O(n).
 *
 * <p>A <em>seam</em> is the start of a generation before which events may be missing. No event has this position, and a
 * reader that crosses it gets a gap.
 */
public final class Generations {
    private final List<Generation> all;

    /** @param all at least one */
    public Generations(List<Generation> all) {
        this.all = List.copyOf(all);
    }

    /** Single generation of a log that ends with the process. */
    static Generations ofNewLog() {
        return new Generations(List.of(new Generation(newId(List.of()), 0, true)));
    }

    /** Random id whose tag differs from those of the others. */
    public static long newId(List<Generation> others) {
        SecureRandom random = new SecureRandom();
        long id = random.nextLong();
        while (id == Generation.EXPIRED || isTaken(TransientIds.tag(id), others)) {
            id = random.nextLong();
        }
        return id;
    }

    private static boolean isTaken(int tag, List<Generation> others) {
        return others.stream().anyMatch(other -> TransientIds.tag(other.id()) == tag);
    }

    /** Running generation. */
    public Generation current() {
        return all.get(all.size() - 1);
    }

    /**
     * Position at which a cursor resumes. Empty if its generation is unknown, or does not have the event before the
     * cursor: the log was restored from a backup.
     */
    OptionalLong resume(CursorSeal.Mark mark) {
        return within(generation -> generation.id() == mark.generation(), mark.kept(), mark.position());
    }

    /** Position at which the id of a transient event resumes, as {@link #resume}. */
    OptionalLong resume(TransientIds.Mark mark) {
        for (Generation generation : all) {
            if (generation.id() != Generation.EXPIRED && TransientIds.tag(generation.id()) == mark.tag()) {
                long kept = generation.start() + mark.offset();
                return within(generation::equals, kept, kept);
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Transient events of older generations are gone: nothing is between a generation's last kept event and its end.
     */
    private OptionalLong within(Predicate<Generation> named, long kept, long position) {
        long end = Long.MAX_VALUE;
        for (int i = all.size() - 1; i >= 0; i--) {
            Generation generation = all.get(i);
            if (generation.id() != Generation.EXPIRED && named.test(generation)) {
                return kept <= end ? OptionalLong.of(Math.min(position, end)) : OptionalLong.empty();
            }
            // An event at the position of a seam is lost, so no reader continues after it.
            end = generation.whole() ? generation.start() : generation.start() - 1;
        }
        return OptionalLong.empty();
    }

    /** Start of a read after a position: the position, or the seam directly after it. */
    public long behindSeam(long position) {
        long at = position;
        for (Generation generation : all) {
            if (!generation.whole() && generation.start() == at + 1) {
                at++;
            }
        }
        return at;
    }

    /** Last position before the next seam; {@code Long.MAX_VALUE} without one. */
    public long beforeSeam(long position) {
        for (Generation generation : all) {
            if (!generation.whole() && generation.start() > position) {
                return generation.start() - 1;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Newest seam; 0 without one. */
    public long lastSeam() {
        return all.stream()
                .filter(generation -> !generation.whole())
                .mapToLong(Generation::start)
                .max()
                .orElse(0);
    }
}
