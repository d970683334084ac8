package dev.herald.fuzz;

/** Parser under test, with the properties that are true for every input. Not thread-safe. */
@FunctionalInterface
public interface FuzzTarget {
    /**
     * Parses the input. Costs O(length) of CPU time.
     *
     * @throws Exception or an {@code Error} if a property does not hold; rejections of the parser are no failures
     */
    void run(FuzzInput input) throws Exception;
}
