package dev.herald.cluster.postgres;

import java.io.IOException;
import java.sql.SQLException;

import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedLogException.Kind;

/** Translation of failures of the driver: what an operator should do, and whether a retry helps. Stateless. */
final class PostgresFailure {
    private PostgresFailure() {}

    /** Failure to connect: nothing was sent. */
    static SharedLogException of(SQLException e, PostgresAddress address) {
        return of(e, address, false);
    }

    /**
     * Failure of a statement.
     *
     * @param closed whether the connection has ended, too. A fatal error of the server, or a crash while it commits, may
     *     have any state, and nobody knows what was done.
     */
    static SharedLogException of(SQLException e, PostgresAddress address, boolean closed) {
        SharedLogException known = translated(e, " database=" + address);
        return closed && !known.lost() ? new SharedLogException(Kind.LOST, known.getMessage(), e) : known;
    }

    private static SharedLogException translated(SQLException e, String at) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01", "28000" -> rejected(e, at);
            case "3D000" ->
                failure(
                        Kind.LOST,
                        "The database does not exist: create it, or correct herald.log.postgres.url.",
                        at,
                        e);
            case "42501" ->
                failure(
                        Kind.REJECTED,
                        "The hub's role lacks a right: let it create the schema 'herald' (GRANT CREATE ON DATABASE), or"
                                + " make it the owner of that schema and of all in it.",
                        at,
                        e);
            case "53300" ->
                failure(
                        Kind.LOST,
                        "The database has no connection left: raise max_connections. Each node needs two.",
                        at,
                        e);
            case "25006" ->
                failure(
                        Kind.REJECTED,
                        "The database is read-only: name its primary in herald.log.postgres.url.",
                        at,
                        e);
            case "55P03" ->
                failure(
                        Kind.REJECTED,
                        "The database is busy: another session has kept a lock for " + PostgresLog.LOCK_SECONDS + " s.",
                        at,
                        e);
            case "53100" -> failure(Kind.REJECTED, "The disk of the database is full.", at, e);
            case "08001", "08004" -> unreachable(e, at);
            default -> other(e, state, at);
        };
    }

    private static SharedLogException rejected(SQLException e, String at) {
        return failure(
                Kind.LOST,
                "The database rejects the hub's user or password: correct herald.log.postgres.user, and"
                        + " herald.log.postgres.password or the file of herald.log.postgres.password-file.",
                at,
                e);
    }

    private static SharedLogException unreachable(SQLException e, String at) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("no password was provided")) {
            return rejected(e, at);
        }
        boolean standby = message.contains("targetServerType");
        return failure(
                Kind.LOST,
                standby
                        ? "No host of the database accepts writes, only standbys or none were found: start or promote a"
                                + " primary, and name it in herald.log.postgres.url."
                        : "The database cannot be reached: start it, or correct herald.log.postgres.url.",
                at,
                e);
    }

    private static SharedLogException other(SQLException e, String state, String at) {
        boolean lost = state.startsWith("08")
                || state.startsWith("57P")
                || state.isEmpty()
                || e.getCause() instanceof IOException;
        return failure(
                lost ? Kind.LOST : Kind.REJECTED,
                lost
                        ? "The connection to the database has failed: " + e.getMessage() + "."
                        : "The database says: " + e.getMessage() + ".",
                at,
                e);
    }

    private static SharedLogException failure(Kind kind, String message, String at, SQLException e) {
        return new SharedLogException(kind, message + at, e);
    }
}
