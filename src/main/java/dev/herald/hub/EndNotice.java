package dev.herald.hub;

import dev.herald.stats.StreamEnd;

/**
 * Notice to a client of why its stream ends (PROTOCOL E12).
 *
 * @param detail a sentence for the person who uses the client
 * @param cause for statistics
 */
public record EndNotice(Reason reason, String detail, StreamEnd cause) {
    /** Rejection or end of a stream by a hub that shuts down. */
    public static final EndNotice DRAINING = new EndNotice(
            Reason.DRAINING, "This hub is shutting down. Reconnect after the reconnection time.", StreamEnd.REJECTED);

    static final EndNotice FULL = new EndNotice(
            Reason.TOO_MANY_STREAMS,
            "This hub has as many streams as it allows. Reconnect after the reconnection time.",
            StreamEnd.REJECTED);
    static final EndNotice OVERLOADED = new EndNotice(
            Reason.OVERLOADED,
            "This hub cannot serve the stream at the moment. Reconnect after the reconnection time.",
            StreamEnd.REJECTED);

    static final EndNotice TOKEN_EXPIRED = new EndNotice(
            Reason.TOKEN_EXPIRED,
            "The token of this stream has expired. Get a new one and open the stream again.",
            StreamEnd.EXPIRED);
    /** End of a stream by an administrator. */
    public static final EndNotice KICKED =
            new EndNotice(Reason.KICKED, "An administrator of this hub has ended the stream.", StreamEnd.KICKED);

    /** End of a stream whose token was revoked. */
    public static final EndNotice REVOKED = new EndNotice(
            Reason.REVOKED,
            "The token of this stream was revoked. Reconnecting with it is of no use.",
            StreamEnd.REVOKED);

    /** A client may act differently on each of these. */
    public enum Reason {
        TOO_MANY_STREAMS("too-many-streams"),
        OVERLOADED("overloaded"),
        TOKEN_EXPIRED("token-expired"),
        DRAINING("draining"),
        KICKED("kicked"),
        REVOKED("revoked");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** Name on the wire. */
        String code() {
            return code;
        }
    }

    /** Rejection of a stream whose client has as many as it may have. */
    public static EndNotice tooMany(String detail) {
        return new EndNotice(Reason.TOO_MANY_STREAMS, detail, StreamEnd.LIMITED);
    }
}
