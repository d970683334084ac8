package dev.herald.web.admin;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Result of an action.
 *
 * @param body for the administrator
 * @param count number of streams, revocations or events that it concerned
 */
record Outcome(JsonNode body, long count) {}
