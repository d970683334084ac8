package dev.herald;

/** Sizes of random tests: short in every build, long under the profile {@code soak}, which sets {@value #SOAK}. */
public final class Rounds {
    private static final String SOAK = "soak";

    private Rounds() {}

    /** Number of rounds of a random test in this build. */
    public static int of(int usual, int soak) {
        return isSoak() ? soak : usual;
    }

    /** Whether this is the build of the long random tests. */
    public static boolean isSoak() {
        return Boolean.getBoolean(SOAK);
    }
}
