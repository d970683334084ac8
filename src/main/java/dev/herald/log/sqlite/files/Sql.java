package dev.herald.log.sqlite.files;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.sqlite.SQLiteErrorCode;

/** One-time SQL statements, and the classification of SQLite's failures. Stateless. */
public final class Sql {
    private static final int PRIMARY_CODE = 0xff;

    private Sql() {}

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Steps to the end: execute() would vacuum one page and stop.
            statement.executeUpdate(sql);
        }
    }

    /** Executes a pragma, which may return a row. */
    public static void pragma(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + pragma);
        }
    }

    /** Number that the query returns; 0 without a row. */
    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Text that the query returns; empty without a row. */
    public static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Whether the file is damaged: SQLITE_CORRUPT, SQLITE_NOTADB. */
    public static boolean damaged(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_CORRUPT) || is(e, SQLiteErrorCode.SQLITE_NOTADB);
    }

    /** Whether the statement does not fit the schema, or is not SQL: SQLITE_ERROR. */
    public static boolean invalid(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_ERROR);
    }

    /** Exception with the error code that SQLite reports for damage. */
    public static SQLException damage(String message) {
        return new SQLException(message, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
    }

    /** Whether the disk is full: SQLITE_FULL. */
    public static boolean full(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_FULL);
    }

    /** Whether another process has locked the file: SQLITE_BUSY. */
    static boolean busy(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_BUSY);
    }

    private static boolean is(SQLException e, SQLiteErrorCode code) {
        return (e.getErrorCode() & PRIMARY_CODE) == code.code;
    }
}
