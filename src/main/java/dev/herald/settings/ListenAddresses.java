package dev.herald.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import io.smallrye.config.SmallRyeConfig;

/**
 * The addresses that the server will listen on. Each is bound once on trial, with a socket that is closed at once. So a
 * port that is in use stops the start before anything is created. Blocks for the resolution of the host.
 */
public final class ListenAddresses {
    private static final String HTTP = "quarkus.http.";
    private static final String HOST = HTTP + "host";
    private static final String ADMIN_PORT = "herald.admin.port-number";
    private static final int LARGEST_PORT = 65_535;
    private static final String TLS = "quarkus\\.tls\\.";
    private static final String KEY_STORE = "key-store\\.(pem\\..+\\.(cert|key)|(p12|jks)\\.path)";

    private final SmallRyeConfig config;

    /** @param config with the settings of Quarkus' HTTP server */
    public ListenAddresses(SmallRyeConfig config) {
        this.config = config;
    }

    /** The addresses that cannot be bound, each as a sentence without its end. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        // Then there is no address of a host.
        if (is("host-enabled", false)) {
            return faults;
        }
        int http = port("port", 8_080);
        boolean insecure = config.getOptionalValue(HTTP + "insecure-requests", String.class)
                .filter("disabled"::equalsIgnoreCase)
                .isEmpty();
        if (insecure) {
            sharedWithAdministrators("port", http).ifPresent(faults::add);
        }
        if (servesTls()) {
            sharedWithAdministrators("ssl-port", port("ssl-port", 8_443)).ifPresent(faults::add);
        }
        // Then other processes may have the addresses, too.
        if (is("so-reuse-port", true)) {
            return faults;
        }
        String host = config.getOptionalValue(HOST, String.class).orElse("0.0.0.0");
        if (insecure) {
            fault(host, "port", http).ifPresent(faults::add);
        }
        if (servesTls()) {
            int https = port("ssl-port", 8_443);
            if (insecure && https == http && https != 0) {
                faults.add(HTTP + "ssl-port must not be " + https + ", which is quarkus.http.port: set another one");
            } else {
                fault(host, "ssl-port", https).ifPresent(faults::add);
            }
        }
        return faults;
    }

    /** Not even with another address: requests are distinguished by their port number. */
    private Optional<String> sharedWithAdministrators(String name, int port) {
        return config.getOptionalValue(ADMIN_PORT, Integer.class)
                .filter(number -> number == port && number != 0)
                .map(number ->
                        ADMIN_PORT + " must not be " + number + ", which is " + HTTP + name + ": set another one");
    }

    private boolean is(String name, boolean value) {
        return config.getOptionalValue(HTTP + name, Boolean.class)
                .filter(set -> set == value)
                .isPresent();
    }

    private int port(String name, int defaultPort) {
        return config.getOptionalValue(HTTP + name, Integer.class).orElse(defaultPort);
    }

    private boolean servesTls() {
        String named = config.getOptionalValue(HTTP + "tls-configuration-name", String.class)
                .map(name -> TLS + "\"?" + Pattern.quote(name) + "\"?\\." + KEY_STORE)
                .orElse(TLS + KEY_STORE);
        Pattern keys =
                Pattern.compile(named + "|quarkus\\.http\\.ssl\\.certificate\\.(files|key-files|key-store-file)");
        return !SettingsCheck.values(config, keys).isEmpty();
    }

    private static Optional<String> fault(String host, String name, int port) {
        String key = HTTP + name;
        if (port < 0 || port > LARGEST_PORT) {
            return Optional.of(key + " must be a port from 0 to " + LARGEST_PORT + "; it is '" + port + "'");
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the server itself does, so that connections that have just ended do not matter.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(HOST + " must be an address or a name of this machine, such as 0.0.0.0 for all of them;"
                    + " it is '" + host + "', which cannot be resolved");
        } catch (IOException e) {
            return Optional.of(sentence(host, key, port, String.valueOf(e.getMessage())));
        }
    }

    /** The sentence for an address that the server could not bind. */
    public static String sentence(String host, int port, String reason) {
        return sentence(host, HTTP + "port or " + HTTP + "ssl-port", port, reason);
    }

    private static String sentence(String host, String key, int port, String reason) {
        if (reason.contains("in use")) {
            return "port " + port + " of " + host + " is in use by another process: stop it ('ss -ltnp' lists"
                    + " processes and their ports), or set another port (" + key + ")";
        }
        if (reason.contains("ermission")) {
            return "this user may not open port " + port + ": set a port from 1024 on (" + key + ")";
        }
        if (reason.contains("assign")) {
            return HOST + " must be an address of this machine, such as 0.0.0.0 for all of them; it is '" + host + "'";
        }
        return "port " + port + " of " + host + " cannot be opened (" + key + "): " + reason;
    }
}
