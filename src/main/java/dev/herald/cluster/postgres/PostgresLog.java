package dev.herald.cluster.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jboss.logging.Logger;

import dev.herald.cluster.SharedLog;
import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedSession;

/**
 * Shared log in the schema {@code herald} of a PostgreSQL database. Thread-safe. Has no connection of its own: each
 * session is one. The first migrates the schema.
 */
public final class PostgresLog implements SharedLog {
    private static final Logger LOG = Logger.getLogger(PostgresLog.class);

    private final PostgresAddress address;
    private final boolean requireSync;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /**
     * @param url {@code postgresql://host[:port][,host[:port]]/database}
     * @param requireSync whether a database without synchronous standbys is refused
     * @throws SharedLogException if the URL is none
     */
    public PostgresLog(
            String url,
            Optional<String> user,
            Optional<String> password,
            Optional<Path> passwordFile,
            boolean requireSync) {
        this.address = new PostgresAddress(url, user, password, passwordFile);
        this.requireSync = requireSync;
    }

    @Override
    public SharedSession connect() {
        try {
            Connection connection = address.connect();
            boolean ready = false;
            try {
                checkDurability(connection);
                PostgresSchema schema = new PostgresSchema(connection);
                schema.migrate();
                PostgresSession session = new PostgresSession(connection, address, schema.identity());
                ready = true;
                return session;
            } finally {
                if (!ready) {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            throw PostgresFailure.of(e, address);
        }
    }

    /** A commit waits for the disk, and for synchronous standbys, whatever the defaults of the database and the role. */
    private void checkDurability(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A node that stops in the middle of a transaction must not keep its locks.
            statement.execute("SET idle_in_transaction_session_timeout = '10s'");
            // A statement must see what was committed while it waited for its turn.
            statement.execute("SET default_transaction_isolation = 'read committed'");
            String commit = setting(statement, "synchronous_commit");
            if (commit.equals("off") || commit.equals("local")) {
                statement.execute("SET synchronous_commit = on");
            }
            if (setting(statement, "fsync").equals("off")) {
                report("The database does not wait for its disk (fsync=off): a power failure loses what was"
                        + " acknowledged.");
            }
            if (setting(statement, "synchronous_standby_names").isBlank()) {
                if (requireSync) {
                    throw SharedLogException.refused("The database has no synchronous standby, which"
                            + " herald.log.postgres.require-sync demands: set its synchronous_standby_names. database="
                            + address);
                }
                report("The database has no synchronous standby (synchronous_standby_names): a failover to another one"
                        + " loses what was acknowledged last, and the nodes then refuse to continue.");
            }
        }
    }

    private void report(String warning) {
        if (reported.add(warning)) {
            LOG.warnf("%s database=%s", warning, address);
        }
    }

    private static String setting(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT current_setting('" + name + "')")) {
            row.next();
            return row.getString(1);
        }
    }
}
