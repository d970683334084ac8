package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jboss.logging.Logger;

/**
 * Identifier of the current boot of the operating system. Until the next boot, writes of a process survive its end,
 * whether or not they were forced to the disk.
 *
 * @param value empty on systems without one (all but Linux); an empty one equals no other
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

    /** Whether the system has not been rebooted between the two. */
    public boolean isSameAs(BootId other) {
        return !value.isEmpty() && value.equals(other.value);
    }
}
