package dev.herald.selector;

/** Part of a {@link UriTemplate}: a literal or an expression. */
interface TemplatePart {
    /** Heap bytes of a small object. */
    long OBJECT_BYTES = 24;

    /** Heap bytes of a reference in a list. */
    long REFERENCE_BYTES = 4;

    /** Heap bytes of an array of symbols, at most. */
    static long symbolBytes(int[] symbols) {
        return symbols.length == 0 ? 0 : 24 + 4L * symbols.length;
    }

    /** Maximum steps of {@link #advance}. */
    int steps();

    /** Upper bound of its heap bytes, with all that it refers to. */
    long heapBytes();

    /** Positions reached over an expansion of this part, from any of the given positions. */
    MatchPositions advance(UriText text, MatchPositions from);
}
