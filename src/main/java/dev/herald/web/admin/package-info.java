/**
 * Figures of this node as a stream, for the page and for operators. May know {@code web}, {@code stats}, {@code presence} and
 * what is below.
 *
 * <p>Start with {@link dev.herald.web.admin.FiguresResource}.
 */
package dev.herald.web.admin;
