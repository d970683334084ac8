/**
 * What somebody who works on Herald sees: {@code ./mvnw quarkus:dev}, started for real on a copy of the project, and what
 * a change of a file does to it. Start with {@code LiveReloadIT}.
 */
package dev.herald.devmode;
