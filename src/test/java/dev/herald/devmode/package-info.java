/**
 * Tests of dev mode and live reload: {@code ./mvnw quarkus:dev} on a copy of the project whose files change. Start with
 * {@code LiveReloadIT}.
 */
package dev.herald.devmode;
