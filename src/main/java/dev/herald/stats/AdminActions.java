package dev.herald.stats;

import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;

/** Counters of the actions of administrators. Thread-safe. */
@ApplicationScoped
public class AdminActions {
    private final SharedCounters<Action> succeeded = new SharedCounters<>(Action.values());
    private final SharedCounters<Action> failed = new SharedCounters<>(Action.values());

    /** Kind of action. */
    public enum Action {
        LIST_STREAMS,
        END_STREAMS,
        LIST_REVOCATIONS,
        REVOKE,
        READMIT,
        PURGE;

        /** Name for logs and metrics, such as {@code end-streams}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public void count(Action action, boolean success) {
        (success ? succeeded : failed).increment(action);
    }

    /** Actions that were carried out. */
    public long succeeded(Action action) {
        return succeeded.get(action);
    }

    /** Actions that were rejected or failed, after the administrator was authenticated. */
    public long failed(Action action) {
        return failed.get(action);
    }
}
