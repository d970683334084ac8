package dev.herald.testing;

/** Question of the tests' process to the hub's. It is sent as the ordinal in one byte, before its parameters. */
enum Question {
    /** Newest position of the log, a long. */
    HEAD,
    /** Events after a position, a long: each preceded by {@code true}, and {@code false} at the end. */
    EVENTS,
    /** Number, an int, of open streams with a selector, a text. */
    SUBSCRIBERS
}
