package dev.herald.log.sqlite.files;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

import org.sqlite.SQLiteConfig;

/** Opens a database file. The seam through which tests let statements fail. */
@FunctionalInterface
public interface ConnectionSource {
    /** How long a statement waits for a lock that another program holds, in milliseconds. */
    int BUSY_MILLIS = 5_000;

    /** A connection of its own; the file is made if it is missing. */
    Connection open(Path file) throws SQLException;

    /** SQLite's own. */
    static ConnectionSource sqlite() {
        return file -> {
            SQLiteConfig config = new SQLiteConfig();
            config.setBusyTimeout(BUSY_MILLIS);
            // The driver would prepare and run a query after each insert, which costs more than the insert.
            config.setGetGeneratedKeys(false);
            return config.createConnection("jdbc:sqlite:" + file);
        };
    }
}
