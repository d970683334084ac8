package dev.herald.cluster.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

import dev.herald.cluster.AppendedBatch;
import dev.herald.cluster.Control;
import dev.herald.cluster.SharedBatch;
import dev.herald.cluster.SharedEvent;
import dev.herald.cluster.SharedSession;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.LogIdentity;
import dev.herald.log.Purge;
import dev.herald.log.Retention;

/** One connection to PostgreSQL. Used by one thread. */
final class PostgresSession implements SharedSession {
    private static final int ENTRIES_A_STEP = 5_000;
    private static final int PURGED_A_STEP = 20_000;
    private static final Logger LOG = Logger.getLogger(PostgresSession.class);

    private final Connection connection;
    private final PostgresAddress address;
    private final LogIdentity identity;
    private final ReadStatement read;
    private final AppendStatement append;
    private boolean listening;

    PostgresSession(Connection connection, PostgresAddress address, LogIdentity identity) throws SQLException {
        this.connection = connection;
        this.address = address;
        this.identity = identity;
        this.read = new ReadStatement(connection);
        this.append = new AppendStatement(connection);
    }

    /** A statement, or several, whose failures are translated. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws SQLException;
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (SQLException e) {
            throw PostgresFailure.of(e, address, closed());
        }
    }

    private boolean closed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Override
    public LogIdentity identity() {
        return identity;
    }

    @Override
    public Extent extent() {
        return call(() -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT h.position, l.position FROM herald.horizon h, herald.log l")) {
                row.next();
                return new Extent(row.getLong(1), row.getLong(2));
            }
        });
    }

    @Override
    public Reply append(SharedBatch batch, Retention.Keys keys) {
        List<Control> orders = batch.entries().stream()
                .filter(SharedBatch.Order.class::isInstance)
                .map(entry -> ((SharedBatch.Order) entry).control())
                .toList();
        return call(() -> orders.isEmpty() ? append.execute(batch, keys) : append(batch, keys, orders));
    }

    /**
     * Appends orders, and records what the database itself must know of them, in one transaction. Orders that are sent
     * again change nothing: what was published or ordered since then follows them.
     */
    private Reply append(SharedBatch batch, Retention.Keys keys, List<Control> orders) throws SQLException {
        return Transaction.run(connection, () -> {
            for (Control order : orders) {
                if (order instanceof Control.Revoking revoking) {
                    put(revoking.revocation());
                } else if (order instanceof Control.Readmitting readmitting) {
                    delete(readmitting.target());
                }
            }
            Reply reply = append.execute(batch, keys);
            if (end(batch) < reply.through()) {
                // Appended before, and not the last: undoes what stands above.
                connection.rollback();
                return reply;
            }
            for (Control order : orders) {
                if (order instanceof Control.Purging purging) {
                    put(purging.purge(), reply.through());
                }
            }
            return reply;
        });
    }

    /** Position of the last entry of a batch that was appended, perhaps before. */
    private long end(SharedBatch batch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT last FROM herald.token WHERE token = ?")) {
            select.setObject(1, batch.token());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void put(Revocation revocation) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO herald.revocation VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (kind, value) DO UPDATE SET since = excluded.since, until = excluded.until")) {
            insert.setString(1, revocation.target().kind().name());
            insert.setString(2, TextColumn.of(revocation.target().value()));
            insert.setLong(3, revocation.since().toEpochMilli());
            insert.setLong(4, revocation.until().toEpochMilli());
            insert.executeUpdate();
        }
    }

    private void delete(Target target) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM herald.revocation WHERE kind = ? AND value = ?")) {
            delete.setString(1, target.kind().name());
            delete.setString(2, TextColumn.of(target.value()));
            delete.executeUpdate();
        }
    }

    private void put(Purge purge, long position) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO herald.purge (position, by_topic, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setLong(1, position);
            insert.setBoolean(2, purge instanceof Purge.OfTopic);
            insert.setString(
                    3,
                    purge instanceof Purge.OfTopic ofTopic
                            ? ofTopic.topic().name()
                            : ((Purge.OfId) purge).id().value());
            insert.executeUpdate();
        }
    }

    @Override
    public List<AppendedBatch> read(long after, long maxBytes) {
        return call(() -> read.execute(after, maxBytes));
    }

    @Override
    public Optional<UUID> token(long last) {
        return call(() -> read.token(last));
    }

    @Override
    public Optional<SharedEvent> event(long position) {
        return call(() -> read.event(position));
    }

    /** Outside of a transaction: within one, its commit would take a lock that all of the server's databases share. */
    @Override
    public void ring() {
        execute("NOTIFY herald");
    }

    @Override
    public void awaitRing(Duration limit) {
        if (!listening) {
            // The caller must look once more: what came before is not rung for.
            execute("LISTEN herald");
            listening = true;
            return;
        }
        call(() -> connection.unwrap(PGConnection.class).getNotifications((int) limit.toMillis()));
    }

    @Override
    public Maintained maintain(Retention limits) {
        return call(() -> {
            boolean more = false;
            long keys;
            try (PreparedStatement retain = connection.prepareStatement(
                    "SELECT more, keys FROM herald.retain(?, ?, ? * interval '1 millisecond',"
                            + " ? * interval '1 millisecond', " + ENTRIES_A_STEP + ")")) {
                retain.setLong(1, limits.maxEvents());
                retain.setLong(2, limits.maxBytes());
                retain.setObject(3, limits.maxAge().map(Duration::toMillis).orElse(null), Types.BIGINT);
                retain.setLong(4, limits.keys().lifetime().toMillis());
                try (ResultSet row = retain.executeQuery()) {
                    row.next();
                    more = row.getBoolean(1);
                    keys = row.getLong(2);
                }
            }
            try (Statement purge = connection.createStatement();
                    ResultSet row = purge.executeQuery("SELECT herald.purge_step(" + PURGED_A_STEP + ")")) {
                row.next();
                more |= row.getBoolean(1);
            }
            return new Maintained(more, keys);
        });
    }

    @Override
    public List<Revocation> revocations() {
        return call(() -> {
            List<Revocation> found = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT kind, value, since, until FROM herald.revocation")) {
                while (row.next()) {
                    found.add(new Revocation(
                            new Target(Kind.valueOf(row.getString(1)), TextColumn.parse(row.getString(2))),
                            Instant.ofEpochMilli(row.getLong(3)),
                            Instant.ofEpochMilli(row.getLong(4))));
                }
            }
            return found;
        });
    }

    private void execute(String sql) {
        call(() -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("A connection to the database was not closed.", e);
        }
    }
}
