package dev.herald.ops.metrics;

/** Metrics of one part of the hub. */
interface Meters {
    /** Registers them, once after the start. */
    void register(Views views);
}
