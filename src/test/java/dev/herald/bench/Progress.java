package dev.herald.bench;

/** Tells on standard output what goes on, with the seconds since the beginning. */
final class Progress {
    private static final long BEGIN = System.nanoTime();

    private Progress() {}

    static void tell(String format, Object... arguments) {
        System.out.printf("[bench %6.1f s] %s%n", (System.nanoTime() - BEGIN) / 1e9, String.format(format, arguments));
    }
}
