package dev.herald.connection;

import io.netty.buffer.ByteBuf;

/**
 * Strict validator of a request's head, or of the trailers of a chunked body (RFC 9112 §2.2, §3, §5). Lines end in CR
 * LF, exactly one space separates the parts of the request line, no line is folded, and there are no control
 * characters. Rejects input that a proxy in front could parse differently, and too many fields. Reads every byte once. Not thread-safe.
 */
final class HeadSyntax {
    /**
     * Maximum bytes of empty lines before a request. Netty's decoder has a limit for those of one read only, so that
     * their acceptance would depend on how the network splits them.
     */
    private static final int MAX_EMPTY_BYTES = 64;

    /**
     * Maximum fields of a head. A lookup by name may compare all fields, and 64 KB have room for 10,000. A browser sends
     * up to 180 cookies of a site over HTTP/2, each as a field (RFC 9113 §8.2.3).
     */
    static final int MAX_FIELDS = 500;

    static final String TOO_MANY_FIELDS = "The request has more than " + MAX_FIELDS + " header fields: send fewer.";

    private static final String SYMBOLS_OF_TOKENS = "!#$%&'*+-.^_`|~";

    private enum State {
        BEFORE,
        METHOD,
        TARGET,
        VERSION,
        LINE,
        NAME,
        VALUE,
        LINE_FEED,
        LAST_LINE_FEED,
        END
    }

    private State state;

    /** Whether the current part has a character. */
    private boolean begun;

    private int emptyBytes;
    private int fields;

    private HeadSyntax(State state) {
        this.state = state;
    }

    static HeadSyntax request() {
        return new HeadSyntax(State.BEFORE);
    }

    static HeadSyntax trailers() {
        return new HeadSyntax(State.LINE);
    }

    /** Whether the empty line that ends the head was read. */
    boolean ended() {
        return state == State.END;
    }

    /**
     * Checks bytes up to the end of the head.
     *
     * @return index after the last checked byte
     * @throws InvalidRequestException at the first invalid byte
     */
    int check(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && state != State.END) {
            state = next(in.getByte(at) & 0xff);
            at++;
        }
        return at;
    }

    private State next(int c) {
        return switch (state) {
            // Empty lines before a request are ignored (RFC 9112 §2.2).
            case BEFORE -> c == '\r' || c == '\n' ? emptyLine() : part(State.METHOD, c);
            case METHOD -> c == ' ' ? separator(State.TARGET) : part(State.METHOD, c);
            case TARGET -> c == ' ' ? separator(State.VERSION) : part(State.TARGET, c);
            case VERSION -> c == '\r' && begun ? State.LINE_FEED : part(State.VERSION, c);
            case LINE -> startOfLine(c);
            case NAME -> c == ':' ? State.VALUE : part(State.NAME, c);
            case VALUE -> c == '\r' ? State.LINE_FEED : part(State.VALUE, c);
            case LINE_FEED -> lineFeed(State.LINE, c);
            case LAST_LINE_FEED -> lineFeed(State.END, c);
            case END -> throw new IllegalStateException("The head has ended.");
        };
    }

    private State emptyLine() {
        if (++emptyBytes > MAX_EMPTY_BYTES) {
            throw InvalidRequestException.badRequest("Too many empty lines precede the request: send none.");
        }
        return State.BEFORE;
    }

    private State startOfLine(int c) {
        if (c == ' ' || c == '\t') {
            throw InvalidRequestException.badRequest("A header is continued on a second line: send it on one line.");
        }
        if (c == '\r') {
            return State.LAST_LINE_FEED;
        }
        if (++fields > MAX_FIELDS) {
            throw new InvalidRequestException(431, TOO_MANY_FIELDS);
        }
        return part(State.NAME, c);
    }

    private State separator(State next) {
        if (!begun) {
            throw InvalidRequestException.badRequest(
                    "The request line is not 'method target version' with single spaces.");
        }
        begun = false;
        return next;
    }

    private State part(State part, int c) {
        boolean allowed =
                switch (part) {
                    case METHOD, NAME -> isToken(c);
                    case TARGET, VERSION -> c > ' ' && c != 0x7f;
                    default -> c == '\t' || (c >= ' ' && c != 0x7f);
                };
        if (!allowed) {
            throw InvalidRequestException.badRequest("The head has a character that may not be there: 0x"
                    + Integer.toHexString(c) + " in the " + part.name().toLowerCase() + ".");
        }
        begun = true;
        return part;
    }

    private static State lineFeed(State next, int c) {
        if (c != '\n') {
            throw InvalidRequestException.badRequest("A line of the head ends in CR without LF.");
        }
        return next;
    }

    /** Whether the text is a token (RFC 9110 §5.6.2). */
    static boolean isToken(CharSequence text) {
        return text.length() > 0 && text.chars().allMatch(HeadSyntax::isToken);
    }

    private static boolean isToken(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || SYMBOLS_OF_TOKENS.indexOf(c) >= 0;
    }
}
