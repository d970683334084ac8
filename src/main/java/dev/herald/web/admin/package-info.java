/**
 * Figures of this node as a stream, for the page and for operators. May depend on {@code web}, {@code stats},
 * {@code presence} and the packages below them.
 *
 * <p>Start with {@link dev.herald.web.admin.FiguresResource}.
 */
package dev.herald.web.admin;
