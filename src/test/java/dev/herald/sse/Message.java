package dev.herald.sse;

/** Event as dispatched by a browser. */
public record Message(String id, String type, String data) {}
