package dev.herald.selector;

/** Part of a {@link UriTemplate}: a literal or an expression. */
interface TemplatePart {
    /** Number of steps that {@link #advance} takes at most. */
    int steps();

    /** The positions of a text that are reached over an expansion of this part, from any of the given positions. */
    MatchPositions advance(UriText text, MatchPositions from);
}
