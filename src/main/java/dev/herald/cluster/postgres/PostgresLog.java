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
import dev.herald.cluster.SharedLogException.Kind;
import dev.herald.cluster.SharedSession;

/**
 * Shared log in the schema {@code herald} of a PostgreSQL database. Thread-safe. Has no connection of its own: each
 * session is one. The first migrates the schema.
 */
public final class PostgresLog implements SharedLog {
    /** Time after which a statement that waits for a lock has failed. Less than the driver waits for its answer. */
    static final int LOCK_SECONDS = 10;

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
                configure(connection);
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

    /**
     * Sets what must hold whatever the defaults of the database and the role are, also if these change: a commit waits for
     * the disk and for synchronous standbys, and nothing that this node left behind stays for long.
     */
    void configure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String commit = setting(statement, "synchronous_commit").equals("remote_apply") ? "remote_apply" : "on";
            // The second: a node that stops in the middle of a transaction must not keep its locks.
            // The third: a statement that was given up, and is sent again, must not wait in the database for ever.
            // The fourth: a statement must see what was committed while it waited for its turn.
            statement.execute("SET synchronous_commit = " + commit
                    + "; SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '" + LOCK_SECONDS
                    + "s'; SET default_transaction_isolation = 'read committed'");
            detectGoneClients(statement);
            checkDurability(statement);
        }
    }

    /** Lets the database end a statement whose node is gone. PostgreSQL 13 cannot, nor can some operating systems. */
    private static void detectGoneClients(Statement statement) throws SQLException {
        try {
            statement.execute("SELECT set_config(name, '5s', false) FROM pg_settings"
                    + " WHERE name = 'client_connection_check_interval'");
        } catch (SQLException e) {
            if (statement.getConnection().isClosed()) {
                throw e;
            }
            LOG.debug("The database cannot detect that a node is gone.", e);
        }
    }

    private void checkDurability(Statement statement) throws SQLException {
        if (setting(statement, "fsync").equals("off")) {
            report("The database does not wait for its disk (fsync=off): a power failure loses what was acknowledged.");
        }
        if (setting(statement, "synchronous_standby_names").isBlank()) {
            if (requireSync) {
                // Not for ever: it may be set again, and another host may be the primary soon.
                throw new SharedLogException(
                        Kind.LOST,
                        "The database has no synchronous standby, which herald.log.postgres.require-sync demands: set"
                                + " its synchronous_standby_names. database=" + address,
                        null);
            }
            report("The database has no synchronous standby (synchronous_standby_names): a failover to another one"
                    + " loses what was acknowledged last, and the nodes then refuse to continue.");
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
