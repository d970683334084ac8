package dev.herald.hub;

/**
 * What this node has done since it began. That there are private events may be told to nobody without a grant, so what may
 * be told to all is counted by itself. Immutable.
 *
 * @param open of events that anyone may read
 * @param hidden of private ones
 */
public record Activity(Counts open, Counts hidden) {
    static final Activity NONE = new Activity(Counts.NONE, Counts.NONE);

    /** Of all events. */
    public Counts all() {
        return open.plus(hidden);
    }

    Activity plus(Activity other) {
        return new Activity(open.plus(other.open), hidden.plus(other.hidden));
    }

    /** What has been done since {@code earlier}. */
    public Activity since(Activity earlier) {
        return new Activity(open.minus(earlier.open), hidden.minus(earlier.hidden));
    }
}
