package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.herald.log.EventLogException;

/**
 * Directory of a log, locked by one process at a time. Opened before all files in it, closed after them.
 *
 * <p>The lock is an open transaction on a small database of its own. SQLite's exclusive mode would lock the log itself,
 * but keeps out the readers of this process too. And a lock on a file channel is lost when the same process closes any
 * other channel on that file. The system releases it when the process ends, however it ends.
 */
public final class LogDirectory implements AutoCloseable {
    private static final String LOCK = "herald.lock";

    /** Files of a log that is, or was, in the directory, besides its database and the lock. */
    private static final Pattern REMNANT =
            Pattern.compile("herald\\.(db-wal|db\\.damaged|head)|(?!herald\\.db).+\\.(db|db-wal|head)");

    private final Path directory;
    private final Connection lock;

    private LogDirectory(Path directory, Connection lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Creates the directory if it is missing, and locks it.
     *
     * @throws EventLogException if that fails; the message says what to do
     */
    public static LogDirectory lock(Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new EventLogException("'" + directory
                    + "' is not a directory: move it away, or configure another directory (herald.log.file.path).");
        }
        try {
            if (Files.notExists(directory)) {
                OwnerOnly.createDirectory(directory);
            } else {
                OwnerOnly.tighten(directory);
            }
            OwnerOnly.createFile(directory.resolve(LOCK));
            Files.deleteIfExists(Files.createTempFile(directory, "herald", ".try"));
        } catch (IOException e) {
            throw new EventLogException(
                    "The log cannot write to its directory '" + directory
                            + "': grant the hub's user write permission, or configure another one"
                            + " (herald.log.file.path).",
                    e);
        }
        try {
            return new LogDirectory(directory, lockFile(directory.resolve(LOCK)));
        } catch (SQLException e) {
            throw new EventLogException(
                    Sql.busy(e)
                            ? "Another process has the log in '" + directory + "' open: stop it, or give this one"
                                    + " another directory (herald.log.file.path)."
                            : "The log cannot lock its directory '" + directory + "': " + e.getMessage(),
                    e);
        }
    }

    private static Connection lockFile(Path file) throws SQLException {
        Connection connection = ConnectionSource.sqlite().open(file);
        try {
            Sql.pragma(connection, "busy_timeout = 0");
            // In memory, so that no journal file is created.
            Sql.pragma(connection, "journal_mode = MEMORY");
            Sql.execute(connection, "BEGIN EXCLUSIVE");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The database. */
    public Path database() {
        return database(directory);
    }

    /** The database of a log that may not be locked. */
    public static Path database(Path directory) {
        return directory.resolve("herald.db");
    }

    /** Temporary name of a database while it is created. */
    public Path unfinished() {
        return directory.resolve("herald.db.new");
    }

    /** {@link #damageMark(Path)} of the database. */
    public Path damageMark() {
        return damageMark(database());
    }

    /** Marker file of a damaged database, which the next start rescues. Says when and how the damage was found. */
    public static Path damageMark(Path database) {
        return database.resolveSibling(database.getFileName() + ".damaged");
    }

    /** Path of the {@link HeadFile}. */
    public Path head() {
        return directory.resolve("herald.head");
    }

    /** Size of the database and of its write-ahead log, in bytes; files that are gone have none. */
    public long bytes() {
        return database().toFile().length() + writeAheadLog(database()).toFile().length();
    }

    /** Free space for the hub's user in the file system, in bytes; 0 if it is unknown. */
    public long freeBytes() {
        return directory.toFile().getUsableSpace();
    }

    /** Names of the files here that belong to a log, besides its database and the lock. */
    public List<String> remnants() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> REMNANT.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    /** The files that must stay in their places while the log is open. */
    List<Path> openFiles() {
        return List.of(database(), writeAheadLog(database()), head(), directory.resolve(LOCK));
    }

    /** The write-ahead log of a database. */
    public static Path writeAheadLog(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    /** The index of the write-ahead log of a database, which its connections share. */
    static Path sharedMemory(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    /** Deletes a database with its write-ahead log and index. */
    public static void delete(Path database) throws IOException {
        Files.deleteIfExists(writeAheadLog(database));
        Files.deleteIfExists(sharedMemory(database));
        Files.deleteIfExists(database);
    }

    /** Renames the files of the log that is there, so that another database can take their place. */
    public void setAside() throws IOException {
        int number = 1;
        while (Stream.of(
                        replaced(number),
                        writeAheadLog(replaced(number)),
                        damageMark(replaced(number)),
                        replacedHead(number))
                .anyMatch(Files::exists)) {
            number++;
        }
        Path kept = replaced(number);
        moveIfThere(writeAheadLog(database()), writeAheadLog(kept));
        moveIfThere(head(), replacedHead(number));
        moveIfThere(damageMark(), damageMark(kept));
        moveIfThere(database(), kept);
        Files.deleteIfExists(sharedMemory(database()));
    }

    private Path replaced(int number) {
        return directory.resolve("herald-replaced-" + number + ".db");
    }

    private Path replacedHead(int number) {
        return directory.resolve("herald-replaced-" + number + ".head");
    }

    private static void moveIfThere(Path file, Path to) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, to);
        }
    }

    /** Forces the directory itself to the disk: created, renamed and deleted names. */
    public void force() throws IOException {
        force(directory);
    }

    /** Forces a file, or the names in a directory, to the disk. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (SQLException e) {
            throw new IllegalStateException("The lock of the log's directory cannot be released.", e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
