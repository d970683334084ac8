package dev.herald.cluster.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Transaction of several statements: all or nothing. Stateless. */
final class Transaction {
    private Transaction() {}

    /** The statements of a transaction. */
    @FunctionalInterface
    interface Body<T> {
        T run() throws SQLException;
    }

    /**
     * Runs the body, and commits. If that fails, rolls back and throws that failure, not one of the rollback. A connection
     * that cannot be rolled back is closed, so that nobody continues in its transaction.
     */
    static <T> T run(Connection connection, Body<T> body) throws SQLException {
        try {
            connection.setAutoCommit(false);
            T result = body.run();
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private static void rollBack(Connection connection, Throwable reason) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            reason.addSuppressed(e);
            close(connection, reason);
        }
    }

    private static void close(Connection connection, Throwable reason) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
