package dev.herald.bench;

/** Progress messages on standard output, with the seconds since the start. */
final class Progress {
    private static final long BEGIN = System.nanoTime();

    private Progress() {}

    static void report(String format, Object... arguments) {
        System.out.printf("[bench %6.1f s] %s%n", (System.nanoTime() - BEGIN) / 1e9, String.format(format, arguments));
    }
}
