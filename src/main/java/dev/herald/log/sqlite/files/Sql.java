package dev.herald.log.sqlite.files;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.sqlite.SQLiteErrorCode;

/** Statements that are said once, and what SQLite's failures mean. */
public final class Sql {
    private static final int PRIMARY_CODE = 0xff;

    private Sql() {}

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Steps to the end: execute() would vacuum one page and stop.
            statement.executeUpdate(sql);
        }
    }

    /** Sets what may answer with a row. */
    public static void pragma(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + pragma);
        }
    }

    /** The one number that the query answers with; 0 when it has none. */
    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The file is not what it should be: SQLITE_CORRUPT, SQLITE_NOTADB. */
    public static boolean damaged(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_CORRUPT) || is(e, SQLiteErrorCode.SQLITE_NOTADB);
    }

    /** What SQLite would say if it knew. */
    public static SQLException damage(String message) {
        return new SQLException(message, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
    }

    /** There is no space for what was to be written. */
    public static boolean full(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_FULL);
    }

    /** Somebody else has the file locked. */
    static boolean busy(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_BUSY);
    }

    private static boolean is(SQLException e, SQLiteErrorCode code) {
        return (e.getErrorCode() & PRIMARY_CODE) == code.code;
    }
}
