/**
 * What somebody tries who means harm: by HTTP alone, against a hub that has keys ({@link
 * dev.herald.guarded.GuardedHub}). Each class is one kind of attack, and each of its tests asserts as well that the same
 * request is let through without the trick, where that could be in doubt.
 */
package dev.herald.attack;
