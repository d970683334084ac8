package dev.herald.log.sqlite.files;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Prepared statement that is prepared again after a failure, when the driver has closed it. One thread at a time. */
public final class RetryingStatement implements AutoCloseable {
    private final Connection connection;
    private final String sql;
    private PreparedStatement statement;

    public RetryingStatement(Connection connection, String sql) {
        this.connection = connection;
        this.sql = sql;
    }

    /** Fills the parameters and runs it. */
    public <T> T use(Use<T> use) throws SQLException {
        if (statement == null) {
            statement = connection.prepareStatement(sql);
        }
        try {
            return use.apply(statement);
        } catch (SQLException | RuntimeException | Error e) {
            PreparedStatement failed = statement;
            statement = null;
            failed.close();
            throw e;
        }
    }

    /** Runs it with these numbers as parameters. */
    public void update(long... parameters) throws SQLException {
        use(update -> {
            for (int i = 0; i < parameters.length; i++) {
                update.setLong(i + 1, parameters[i]);
            }
            return update.executeUpdate();
        });
    }

    @Override
    public void close() throws SQLException {
        if (statement != null) {
            statement.close();
            statement = null;
        }
    }

    /** Execution of the statement. */
    @FunctionalInterface
    public interface Use<T> {
        T apply(PreparedStatement statement) throws SQLException;
    }
}
