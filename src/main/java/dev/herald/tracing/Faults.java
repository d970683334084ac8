package dev.herald.tracing;

import org.jboss.logging.Logger;

/** Guard of steps of tracing: a fault of one, an {@code Error} included, affects nothing but its span. */
public final class Faults {
    private static final Logger LOG = Logger.getLogger(Faults.class);

    private Faults() {}

    /** Runs the step, and logs its failure at DEBUG. Never throws. */
    public static void ignored(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            log(e);
        }
    }

    /** Logs the failure of a step at DEBUG. Never throws. */
    static void log(Throwable failure) {
        try {
            LOG.debug("A span is missing or incomplete.", failure);
        } catch (Throwable e) {
            // Out of memory: there is nothing else to do.
        }
    }
}
