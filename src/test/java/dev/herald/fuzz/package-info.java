/**
 * Fuzzing of the parsers of untrusted input. A {@link dev.herald.fuzz.FuzzTarget} calls one parser and verifies its
 * properties for every input. Each lives in the package of its parser; {@link dev.herald.fuzz.FuzzTargets} lists them.
 */
package dev.herald.fuzz;
