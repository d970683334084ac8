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

    /** The file is not what it should be: SQLITE_CORRUPT, SQLITE_NOTADB. */
    public static boolean damaged(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_CORRUPT) || is(e, SQLiteErrorCode.SQLITE_NOTADB);
    }

    /** The statement does not fit the schema, or is not SQL: SQLITE_ERROR. */
    public static boolean invalid(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_ERROR);
    }

    /** Failure as SQLite reports damage. */
    public static SQLException damage(String message) {
        return new SQLException(message, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
    }

    /** There is no space for what was to be written. */
    public static boolean full(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_FULL);
    }

    /** Another process has locked the file. */
    static boolean busy(SQLException e) {
        return is(e, SQLiteErrorCode.SQLITE_BUSY);
    }

    private static boolean is(SQLException e, SQLiteErrorCode code) {
        return (e.getErrorCode() & PRIMARY_CODE) == code.code;
    }
}
