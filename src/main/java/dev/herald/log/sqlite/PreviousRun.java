package dev.herald.log.sqlite;

import java.util.List;
import java.util.Optional;

import dev.herald.log.Generation;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.HeadFile.Head;

/** State of the previous run, as found at a start: whether all acknowledged events are present, and if not, why. */
enum PreviousRun {
    /** No previous run: the log is new. */
    NONE,
    /** Closed, or killed, and no acknowledged event is missing. */
    WHOLE,
    /** The database ends before the newest acknowledged event. */
    TRUNCATED,
    /** The machine stopped, too, and batches had not been forced to the disk. */
    POWER_CUT,
    /**
     * Not closed, and the head file is missing or of another run: the database is a copy of an open one, or damaged.
     */
    UNKNOWN,
    /** The database is a backup: what was acknowledged after it is missing. */
    RESTORED;

    /**
     * Classifies the last of the runs.
     *
     * @param newest position of the newest event in the database
     * @param acknowledged content of the head file
     * @param boot current boot of the system
     */
    static PreviousRun of(List<Run> runs, long newest, Optional<Head> acknowledged, BootId boot) {
        if (runs.isEmpty()) {
            return NONE;
        }
        Run last = runs.get(runs.size() - 1);
        Optional<Head> head = acknowledged.filter(found -> isOfLastRun(found, runs, newest));
        if (head.isPresent() && head.get().position() > newest) {
            return TRUNCATED;
        }
        if (last.ended()) {
            return WHOLE;
        }
        if (head.isEmpty()) {
            return UNKNOWN;
        }
        return last.forced() || last.boot().isSameAs(boot) ? WHOLE : POWER_CUT;
    }

    /** A run that was killed at its start has the head file of the run before it, and no event. */
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

    /**
     * Run of a hub on this log: a row of the table of generations.
     *
     * @param number rises from row to row
     * @param boot boot of the system in which it ran
     * @param forced whether each of its batches was forced to the disk
     * @param ended whether it was closed
     */
    record Run(long number, Generation generation, BootId boot, boolean forced, boolean ended) {}
}
