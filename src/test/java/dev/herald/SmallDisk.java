package dev.herald;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Real file system of a few megabytes that tests fill. Without permission to mount one they are skipped with a message.
 */
public final class SmallDisk implements AutoCloseable {
    private static final int MOST_PAGES = 100_000;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts a file system over a directory. */
    public static SmallDisk mount(Path directory, int megabytes) {
        if (!run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString())) {
            String reason = "No small file system can be mounted here, so a full disk is not tested: run it as root.";
            System.err.println("WARNING: " + reason);
            if (System.getenv("CI") != null) {
                fail(reason);
            }
            Assumptions.abort(reason);
        }
        return new SmallDisk(directory);
    }

    /** Uses this much space; deleting the returned file frees it. */
    public Path ballast(int megabytes) throws IOException {
        return Files.write(directory.resolve("ballast"), new byte[megabytes << 20]);
    }

    /** Uses all space; deleting the returned file frees it. */
    public Path fill() throws IOException {
        Path ballast = directory.resolve("ballast");
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int i = 0; i < MOST_PAGES; i++) {
                out.write(page);
            }
            return fail("The disk was never full.");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return ballast;
        }
    }

    @Override
    public void close() {
        assertThat(run("umount", "-l", directory.toString())).isTrue();
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
