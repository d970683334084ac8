package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Detector of deleted or replaced files of an open log, by their keys in the file system (device and inode). Such a
 * file stays open and accepts writes, but its content is lost. Used by the appender's thread only. File systems without
 * keys (Windows) do not delete open files.
 */
public final class OpenFiles {
    private static final long RECENT_MILLIS = 1_000;

    private final Path directory;
    private final Map<Path, Object> keys = new LinkedHashMap<>();
    private State seen;

    /** @param log whose database is open, and has been written to */
    public OpenFiles(LogDirectory log) throws SQLException {
        directory = log.database().toAbsolutePath().getParent();
        seen = state();
        for (Path file : log.openFiles()) {
            keys.put(file, key(file));
        }
    }

    /** @throws SQLException naming the first file that was deleted or replaced */
    public void requireInPlace() throws SQLException {
        for (Map.Entry<Path, Object> file : keys.entrySet()) {
            if (!Objects.equals(key(file.getKey()), file.getValue())) {
                throw missing(file.getKey(), null);
            }
        }
    }

    /**
     * As {@link #requireInPlace}, at the cost of reading the directory's modification time, which changes when a file
     * in it is deleted or renamed. After a change all files are checked for a second, since another change in the same
     * tick of the file system's clock leaves the same time.
     */
    public void requireUnchanged() throws SQLException {
        State now = state();
        if (!now.equals(seen) || now.isRecent()) {
            requireInPlace();
            seen = now;
        }
    }

    private State state() throws SQLException {
        BasicFileAttributes attributes = attributes(directory);
        return new State(attributes.fileKey(), attributes.lastModifiedTime());
    }

    private static Object key(Path file) throws SQLException {
        // Null if the file system has no keys.
        return attributes(file).fileKey();
    }

    private static BasicFileAttributes attributes(Path path) throws SQLException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            throw missing(path, e);
        }
    }

    private static SQLException missing(Path path, IOException cause) {
        return new SQLException(
                "'" + path
                        + "' was deleted or replaced while the hub had it open. Stop the hub, put the files of the log"
                        + " back, and start it again",
                cause);
    }

    /**
     * State of the directory.
     *
     * @param key null if the file system has no keys
     */
    private record State(Object key, FileTime modified) {
        /** Compared with the system's clock, which file systems use, too. */
        boolean isRecent() {
            return System.currentTimeMillis() - modified.toMillis() < RECENT_MILLIS;
        }
    }
}
