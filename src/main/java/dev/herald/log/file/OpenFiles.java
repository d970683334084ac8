package dev.herald.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The files of an open log, each with what identifies it in its file system (device and inode). A file that was deleted or
 * replaced stays open and takes all that is written, and nobody finds it again. Immutable; a look at the files costs some
 * microseconds. Where a file system identifies no files (Windows) an open file cannot be deleted.
 */
final class OpenFiles {
    private final Map<Path, Object> keys = new LinkedHashMap<>();

    /** @param directory whose database is open, and has been written to */
    OpenFiles(LogDirectory directory) throws SQLException {
        for (Path file : directory.held()) {
            keys.put(file, key(file));
        }
    }

    /** @throws SQLException naming the first file that is not in its place any more */
    void requireInPlace() throws SQLException {
        for (Map.Entry<Path, Object> file : keys.entrySet()) {
            if (!Objects.equals(key(file.getKey()), file.getValue())) {
                throw missing(file.getKey(), null);
            }
        }
    }

    private static Object key(Path file) throws SQLException {
        try {
            // Null where the file system has no such thing.
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            throw missing(file, e);
        }
    }

    private static SQLException missing(Path file, IOException cause) {
        return new SQLException(
                "'" + file
                        + "' was deleted or replaced while the hub had it open. Stop the hub, put the files of the log"
                        + " back, and start it again",
                cause);
    }
}
