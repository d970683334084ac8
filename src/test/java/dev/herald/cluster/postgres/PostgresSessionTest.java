package dev.herald.cluster.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.postgres.Databases.Database;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Failures and settings of connections to PostgreSQL. */
@ExtendWith(Databases.class)
class PostgresSessionTest {
    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    private Database database;

    @BeforeEach
    void allow(Database empty) {
        errors.allow("The database has no synchronous standby");
        database = empty;
    }

    private PostgresAddress address() {
        return new PostgresAddress(database.url(), Optional.of("postgres"), Optional.empty(), Optional.empty());
    }

    /** A connection whose plain statements fail; it may end with them, as after a fatal error of the server. */
    private static Connection failing(Connection real, String state, boolean ends) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createStatement")) {
                        if (ends) {
                            real.close();
                        }
                        throw new SQLException("The test has made it fail.", state);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"53100,true", "25P03,true", "40P01,true", "53100,false", "40P01,false", "55P03,false"})
    void failureThatEndsTheConnectionIsLostWhateverItsState(String state, boolean ends) throws SQLException {
        database.log().connect().close();
        try (Connection real = database.connect();
                PostgresSession session = new PostgresSession(
                        failing(real, state, ends), address(), new PostgresSchema(real).identity())) {
            SharedLogException failure = catchThrowableOfType(SharedLogException.class, session::extent);

            assertThat(failure.lost()).isEqualTo(ends);
        }
    }

    @Test
    void failureOfATransactionIsNotHiddenByThatOfItsRollback() throws SQLException {
        try (Connection connection = database.connect()) {
            SQLException failure = catchThrowableOfType(
                    SQLException.class,
                    () -> Transaction.run(connection, () -> {
                        try (Statement statement = connection.createStatement()) {
                            return statement.execute("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(600)");
                        }
                    }));

            assertThat(failure.getSQLState()).isEqualTo("57P01");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void failedTransactionLeavesNothingAndAConnectionOfUse() throws SQLException {
        database.execute("CREATE TABLE public.number (n int)");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            SQLException failure = catchThrowableOfType(
                    SQLException.class,
                    () -> Transaction.run(connection, () -> {
                        statement.execute("INSERT INTO public.number VALUES (1)");
                        return statement.execute("SELECT 1 / 0");
                    }));

            assertThat(failure.getSQLState()).isEqualTo("22012");
            statement.execute("INSERT INTO public.number VALUES (2)");
        }
        assertThat(database.text("SELECT string_agg(n::text, ',') FROM public.number"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({"off,on", "local,on", "remote_write,on", "on,on", "remote_apply,remote_apply"})
    void commitsWaitForTheDiskWhateverTheDefaultsAreOrBecome(String byDefault, String expected) throws SQLException {
        database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = " + byDefault);

        assertThat(configured("synchronous_commit")).isEqualTo(expected + " session");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock_timeout", "idle_in_transaction_session_timeout"})
    void statementsAndTransactionsThatWereGivenUpEnd(String setting) throws SQLException {
        assertThat(configured(setting)).isEqualTo("10000 session");
    }

    @Test
    void serverDetectsThatANodeIsGone() throws SQLException {
        assertThat(configured("client_connection_check_interval")).isEqualTo("5000 session");
    }

    private String configured(String name) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            database.log().configure(connection);
            try (var row = statement.executeQuery(
                    "SELECT setting || ' ' || source FROM pg_settings WHERE name = '" + name + "'")) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Test
    void detailsOfErrorsAreNotInMessages() throws SQLException {
        database.execute("CREATE TABLE public.name (n text PRIMARY KEY)", "INSERT INTO public.name VALUES ('secret')");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            SQLException failure = catchThrowableOfType(
                    SQLException.class, () -> statement.execute("INSERT INTO public.name VALUES ('secret')"));

            assertThat(PostgresFailure.of(failure, address(), false).getMessage())
                    .contains("duplicate key")
                    .doesNotContain("secret");
        }
    }
}
