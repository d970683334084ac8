package dev.herald.cluster.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.postgresql.Driver;

import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedLogException.Kind;

/**
 * Address of the database, and the credentials of the hub. The password file is read for each connection, so that the
 * password can change.
 *
 * @param url {@code postgresql://host[:port][,host[:port]]/database[?sslmode=...]}
 */
record PostgresAddress(String url, Optional<String> user, Optional<String> password, Optional<Path> passwordFile) {
    private static final Pattern URL = Pattern.compile("postgresql://[^/?@ ]+/[^/?@ ]+(\\?[^ ]*)?");
    private static final String CONNECT_SECONDS = "5";

    /** A statement without an answer for this time is repeated on another connection. */
    private static final String ANSWER_SECONDS = "15";

    /** Parameters of the connection that a URL must not change. */
    private static final Map<String, String> FIXED = Map.of(
            "ApplicationName",
            "herald",
            "targetServerType",
            "primary",
            "hostRecheckSeconds",
            "1",
            "connectTimeout",
            CONNECT_SECONDS,
            "socketTimeout",
            ANSWER_SECONDS,
            "tcpKeepAlive",
            "true",
            "prepareThreshold",
            "1",
            // The details of an error have values of the row: data, which no log line may have.
            "logServerErrorDetail",
            "false");

    private static final Set<String> CREDENTIALS = Set.of("user", "password");

    /** @throws SharedLogException if the URL is none, or has a parameter that is not its own */
    PostgresAddress {
        if (!URL.matcher(url).matches() || parameters(url).anyMatch(CREDENTIALS::contains)) {
            throw SharedLogException.refused(
                    "herald.log.postgres.url must look like postgresql://host[:port][,host[:port]]/database, without a"
                            + " user or a password (herald.log.postgres.user, herald.log.postgres.password-file).");
        }
        parameters(url).filter(FIXED::containsKey).findFirst().ifPresent(name -> {
            throw SharedLogException.refused("herald.log.postgres.url must not have the parameter '" + name
                    + "', which the hub sets: remove it.");
        });
    }

    /** Names of the parameters of a URL. The driver does not decode them. */
    private static Stream<String> parameters(String url) {
        int start = url.indexOf('?');
        return start < 0
                ? Stream.empty()
                : Stream.of(url.substring(start + 1).split("&"))
                        .map(parameter -> parameter.split("=", 2)[0]);
    }

    /** Connects to the one of the hosts that accepts writes. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        FIXED.forEach(properties::setProperty);
        user.ifPresent(name -> properties.setProperty("user", name));
        secret().ifPresent(text -> properties.setProperty("password", text));
        // Not by DriverManager, which tries every driver, and is searched by reflection.
        return new Driver().connect("jdbc:" + url, properties);
    }

    private Optional<String> secret() {
        if (passwordFile.isEmpty()) {
            return password;
        }
        try {
            return Optional.of(Files.readString(passwordFile.get()).strip());
        } catch (IOException e) {
            // It may be replaced at this moment.
            throw new SharedLogException(
                    Kind.LOST,
                    "The password file '" + passwordFile.get()
                            + "' cannot be read (herald.log.postgres.password-file).",
                    e);
        }
    }

    /** Hosts and database, without parameters: for log lines. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "");
    }
}
