package dev.herald.sse;

/** An event as a browser dispatches it. */
public record Message(String id, String type, String data) {}
