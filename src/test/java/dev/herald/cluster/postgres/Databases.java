package dev.herald.cluster.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** PostgreSQL server for the tests of a class, which gives each test an empty database. */
public final class Databases implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Databases.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Database.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server(context).create();
    }

    private static Server server(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Server.class, key -> Server.start(), Server.class);
    }

    /** A server, which ends with the test run. */
    record Server(EmbeddedPostgres postgres, AtomicInteger databases) implements AutoCloseable {
        static Server start() {
            try {
                // As an operator has it: with the library's own settings, a commit would not wait for the disk.
                return new Server(
                        EmbeddedPostgres.builder()
                                .setServerConfig("fsync", "on")
                                .setServerConfig("synchronous_commit", "on")
                                .setServerConfig("full_page_writes", "on")
                                .start(),
                        new AtomicInteger());
            } catch (IOException e) {
                throw new IllegalStateException("PostgreSQL does not start.", e);
            }
        }

        Database create() {
            String name = "test_" + databases.incrementAndGet();
            Database database = new Database(postgres.getPort(), name);
            new Database(postgres.getPort(), "postgres").execute("CREATE DATABASE " + name);
            return database;
        }

        @Override
        public void close() throws IOException {
            postgres.close();
        }
    }

    /** An empty database. */
    public record Database(int port, String name) {
        public String url() {
            return "postgresql://localhost:" + port + "/" + name;
        }

        PostgresLog log() {
            return new PostgresLog(url(), Optional.of("postgres"), Optional.empty(), Optional.empty(), false);
        }

        Connection connect() throws SQLException {
            return new PostgresAddress(url(), Optional.of("postgres"), Optional.empty(), Optional.empty()).connect();
        }

        /** Executes statements as the superuser. */
        public void execute(String... statements) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        long number(String sql) {
            return Long.parseLong(text(sql));
        }

        String text(String sql) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getString(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Ends all connections of hubs. */
        public void endConnections() {
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'herald'"
                    + " AND datname = '" + name + "' AND pid <> pg_backend_pid()");
        }
    }
}
