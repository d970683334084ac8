package dev.herald.log.sqlite;

import java.util.List;
import java.util.Optional;

import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.HeadFile.Head;

/** State of the previous run, as found at a start: whether all acknowledged events are present, and if not, why. */
enum Past {
    /** There was none. */
    NONE,
    /** Closed in good order, or killed, and everything is there. */
    WHOLE,
    /** The database ends before the newest acknowledged event. */
    CUT,
    /** The machine stopped, too, and the log had not waited for its disk. */
    POWER_CUT,
    /** Not closed, and the head file is missing or is another run's: a copy of an open database, or a damaged one. */
    UNKNOWN;

    /**
     * Classifies the last of the runs.
     *
     * @param newest position of the newest event that is there
     * @param answered what the head file says
     * @param boot that of the system now
     */
    static Past of(List<Run> runs, long newest, Optional<Head> answered, BootId boot) {
        if (runs.isEmpty()) {
            return NONE;
        }
        Run last = runs.get(runs.size() - 1);
        Optional<Head> head = answered.filter(found -> isOfLastRun(found, runs, newest));
        if (head.isPresent() && head.get().position() > newest) {
            return CUT;
        }
        if (last.ended()) {
            return WHOLE;
        }
        if (head.isEmpty()) {
            return UNKNOWN;
        }
        return last.forced() || last.boot().isSameAs(boot) ? WHOLE : POWER_CUT;
    }

    /** A run that was killed as it began has the head file of the one before, and no event. */
    private static boolean isOfLastRun(Head head, List<Run> runs, long newest) {
        Run last = runs.get(runs.size() - 1);
        return head.generation() == last.generation().id()
                || runs.size() > 1
                        && head.generation()
                                == runs.get(runs.size() - 2).generation().id()
                        && newest <= last.generation().start();
    }

    boolean whole() {
        return this == NONE || this == WHOLE;
    }
}
