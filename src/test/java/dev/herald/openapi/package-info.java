/**
 * Tests that {@code META-INF/openapi.yaml} describes what the hub does: its routes, parameters, problems and answers.
 * {@link dev.herald.openapi.ApiDocument} also checks each answer that {@link dev.herald.web.HubClient} receives.
 */
package dev.herald.openapi;
