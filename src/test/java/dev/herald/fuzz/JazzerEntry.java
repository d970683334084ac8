package dev.herald.fuzz;

/** Class that Jazzer calls: its argument names the target. */
public final class JazzerEntry {
    private static FuzzTarget target;

    private JazzerEntry() {}

    /** Called once, before the first input. */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.create(arguments[0]);
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.run(new FuzzInput(input));
    }
}
