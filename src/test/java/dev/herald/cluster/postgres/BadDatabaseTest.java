package dev.herald.cluster.postgres;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedSession;
import dev.herald.cluster.postgres.Databases.Database;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Each database that cannot be used is refused with a sentence that says what to do. */
@ExtendWith(Databases.class)
class BadDatabaseTest {
    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    @TempDir
    Path directory;

    private Database database;

    @BeforeEach
    void allow(Database empty) {
        errors.allow("The database has no synchronous standby");
        database = empty;
    }

    private static PostgresLog log(String url, String user, Optional<String> password) {
        return new PostgresLog(url, Optional.of(user), password, Optional.empty(), false);
    }

    /** Refused now, but a running node tries again. */
    private static void isRefusedForNow(PostgresLog log, String... parts) {
        assertThat(refusal(log, parts).refused()).as("for ever").isFalse();
    }

    private static void isRefused(PostgresLog log, String... parts) {
        refusal(log, parts);
    }

    private static SharedLogException refusal(PostgresLog log, String... parts) {
        SharedLogException refusal = catchThrowableOfType(
                SharedLogException.class, () -> log.connect().close());

        assertThat(refusal).as("a failure").isNotNull();
        assertThat(refusal.getMessage()).contains(parts).doesNotContain("secret");
        return refusal;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost/herald",
                "jdbc:postgresql://localhost/herald",
                "postgresql://localhost",
                "postgresql:///herald",
                "postgresql://user:secret@localhost/herald",
                "postgresql://localhost/herald?password=secret",
                "postgresql://localhost/herald?sslmode=require&user=secret"
            })
    void addressThatIsNoneIsRefused(String url) {
        SharedLogException refusal =
                catchThrowableOfType(SharedLogException.class, () -> log(url, "postgres", Optional.empty()));

        assertThat(refusal.getMessage())
                .startsWith("herald.log.postgres.url must look like postgresql://")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"targetServerType=any", "sslmode=require&socketTimeout=0", "logServerErrorDetail=true"})
    void addressThatChangesWhatTheHubReliesOnIsRefused(String parameters) {
        SharedLogException refusal = catchThrowableOfType(
                SharedLogException.class,
                () -> log("postgresql://localhost/herald?" + parameters, "postgres", Optional.empty()));

        assertThat(refusal.getMessage())
                .startsWith("herald.log.postgres.url must not have the parameter '")
                .endsWith("', which the hub sets: remove it.");
    }

    @Test
    void serverThatDoesNotRunIsRefused() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        isRefused(
                log("postgresql://localhost:" + port + "/herald", "postgres", Optional.empty()),
                "cannot be reached: start it, or correct herald.log.postgres.url",
                "localhost:" + port);
    }

    @Test
    void databaseThatDoesNotExistIsRefused() {
        isRefused(
                log(database.url() + "_missing", "postgres", Optional.empty()),
                "does not exist: create it",
                "_missing");
    }

    @Test
    void wrongPasswordIsRefusedAndTheRightOneOfAFileAccepted() throws IOException {
        String role = database.name() + "_role";
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'right'",
                "GRANT CREATE ON DATABASE " + database.name() + " TO " + role);
        Path rules = Path.of(database.text("SHOW hba_file"));
        Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + Files.readString(rules));
        database.execute("SELECT pg_reload_conf()");
        Path file = Files.writeString(directory.resolve("password"), "right\n");

        Patience.eventually()
                .untilAsserted(() -> isRefused(
                        log(database.url(), role, Optional.of("secret")), "rejects the hub's user or password"));
        isRefused(log(database.url(), role, Optional.empty()), "password");
        try (SharedSession session = new PostgresLog(
                        database.url(), Optional.of(role), Optional.empty(), Optional.of(file), false)
                .connect()) {
            assertThat(session.extent().head()).isZero();
        }
    }

    @Test
    void roleWithoutRightsIsRefused() {
        String role = database.name() + "_role";
        database.execute("CREATE ROLE " + role + " LOGIN");

        isRefused(log(database.url(), role, Optional.empty()), "lacks a right", "GRANT CREATE ON DATABASE");

        database.log().connect().close();

        isRefused(log(database.url(), role, Optional.empty()), "lacks a right");
    }

    @Test
    void ownerOfAnExistingSchemaNeedsNoRightOnTheDatabase() {
        String role = database.name() + "_role";
        database.execute("CREATE ROLE " + role + " LOGIN", "CREATE SCHEMA herald AUTHORIZATION " + role);

        try (SharedSession session = log(database.url(), role, Optional.empty()).connect()) {
            assertThat(session.extent().head()).isZero();
        }
    }

    @Test
    void readOnlyDatabaseIsRefused() {
        database.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");

        isRefused(database.log(), "No host of the database accepts writes", "promote a primary");
    }

    @Test
    void databaseWithoutAConnectionLeftIsRefused() {
        String role = database.name() + "_role";
        database.execute("CREATE ROLE " + role + " LOGIN", "ALTER DATABASE " + database.name() + " CONNECTION LIMIT 0");

        isRefused(log(database.url(), role, Optional.empty()), "no connection left", "max_connections");
    }

    @Test
    void schemaOfANewerHeraldIsRefused() {
        database.log().connect().close();
        database.execute("INSERT INTO herald.migration (version) VALUES (99)");

        isRefusedForNow(database.log(), "written by a newer Herald (version 99");
    }

    @Test
    void schemaOfSomethingElseIsRefused() {
        database.execute("CREATE SCHEMA herald", "CREATE TABLE herald.trumpet (id int)");

        isRefused(database.log(), "has a schema 'herald' that is not Herald's");
    }

    @Test
    void tablesChangedByHandAreRefused() {
        database.log().connect().close();
        database.execute("DELETE FROM herald.log");

        isRefused(database.log(), "changed by hand");
    }

    @Test
    void databaseThatCannotStoreEveryTopicIsRefused() {
        database.execute("CREATE DATABASE " + database.name()
                + "_latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE" + " template0");

        isRefused(log(database.url() + "_latin", "postgres", Optional.empty()), "not UTF8", "ENCODING 'UTF8'");
    }

    @Test
    void databaseWithoutASynchronousStandbyIsRefusedIfOneIsRequired() {
        isRefusedForNow(
                new PostgresLog(database.url(), Optional.of("postgres"), Optional.empty(), Optional.empty(), true),
                "no synchronous standby",
                "synchronous_standby_names");
    }

    @Test
    void passwordFileThatIsGoneIsRefused() {
        isRefusedForNow(
                new PostgresLog(
                        database.url(),
                        Optional.of("postgres"),
                        Optional.empty(),
                        Optional.of(directory.resolve("gone")),
                        false),
                "gone",
                "cannot be read (herald.log.postgres.password-file)");
    }
}
