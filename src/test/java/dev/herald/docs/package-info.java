/**
 * Tests of the documentation: README.md and the pages below {@code src/docs}. Links resolve, the tables of settings and
 * problem types are those of the code, and the protocol page has the clauses that are cited and tested. What a page
 * prints to be run is tested beside its subject, such as the configurations of proxies in {@code clients}. Start with
 * {@code Page}.
 */
package dev.herald.docs;
