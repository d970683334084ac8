package dev.herald.selector;

/** Part of a {@link UriTemplate}: a literal or an expression. */
interface TemplatePart {
    /** Maximum steps of {@link #advance}. */
    int steps();

    /** Positions reached over an expansion of this part, from any of the given positions. */
    MatchPositions advance(UriText text, MatchPositions from);
}
