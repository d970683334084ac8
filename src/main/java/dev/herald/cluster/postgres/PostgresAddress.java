package dev.herald.cluster.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

import org.postgresql.Driver;

import dev.herald.cluster.SharedLogException;

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

    /** @throws SharedLogException if the URL is none */
    PostgresAddress {
        if (!URL.matcher(url).matches()) {
            throw SharedLogException.refused(
                    "herald.log.postgres.url must look like postgresql://host[:port][,host[:port]]/database, without a"
                            + " user or a password (herald.log.postgres.user, herald.log.postgres.password-file).");
        }
    }

    /** Connects to the one of the hosts that accepts writes. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        user.ifPresent(name -> properties.setProperty("user", name));
        secret().ifPresent(text -> properties.setProperty("password", text));
        properties.setProperty("ApplicationName", "herald");
        properties.setProperty("targetServerType", "primary");
        properties.setProperty("hostRecheckSeconds", "1");
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("prepareThreshold", "1");
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
            throw SharedLogException.refused("The password file '" + passwordFile.get()
                    + "' cannot be read (herald.log.postgres.password-file).");
        }
    }

    /** Hosts and database, without parameters: for log lines. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "");
    }
}
