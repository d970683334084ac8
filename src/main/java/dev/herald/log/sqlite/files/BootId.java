package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jboss.logging.Logger;

/**
 * Identity of the running system, another one after each boot. Writes of a process survive its end as long as the system
 * runs, whether or not they were forced to the disk.
 *
 * @param value empty where the system has none (all but Linux): then it equals no other
 */
public record BootId(String value) {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Logger LOG = Logger.getLogger(BootId.class);

    /** Boot id of this system. */
    public static BootId current() {
        try {
            return new BootId(Files.exists(LINUX) ? Files.readString(LINUX).strip() : "");
        } catch (IOException e) {
            LOG.debugf(e, "The boot id cannot be read. file=%s", LINUX);
            return new BootId("");
        }
    }

    /** Whether the system has run without a break since. */
    public boolean isSameAs(BootId other) {
        return !value.isEmpty() && value.equals(other.value);
    }
}
