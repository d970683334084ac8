package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jboss.logging.Logger;

/**
 * Identity of the running system, another one after each boot. What a process wrote survives its end as long as the system
 * runs, whether or not it was forced to the disk.
 *
 * @param value empty where the system does not tell (only Linux does): then it is never the same
 */
public record BootId(String value) {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Logger LOG = Logger.getLogger(BootId.class);

    /** That of this system. */
    public static BootId current() {
        try {
            return new BootId(Files.exists(LINUX) ? Files.readString(LINUX).strip() : "");
        } catch (IOException e) {
            LOG.debugf(e, "The system does not tell when it was booted. file=%s", LINUX);
            return new BootId("");
        }
    }

    /** Whether the system has run without a break since. */
    public boolean isSameAs(BootId other) {
        return !value.isEmpty() && value.equals(other.value);
    }
}
