package dev.herald.clients;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Assumptions;

import dev.herald.Certificates;
import dev.herald.Programs;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reverse proxies of this machine with the configurations of the page on proxies, unchanged except for ports, paths,
 * the server name, and shorter idle timeouts. If one is missing, its tests are skipped with a message.
 */
enum Proxy {
    NGINX("nginx", """
            daemon off;
            user root;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                client_body_temp_path temp_body;
                proxy_temp_path temp_proxy;
                fastcgi_temp_path temp_fastcgi;
                uwsgi_temp_path temp_uwsgi;
                scgi_temp_path temp_scgi;
            %s
            }
            """, "-p", ".", "-e", "stderr", "-c", "configuration"),
    HAPROXY("haproxy", "%s", "-db", "-f", "configuration"),
    CADDY("caddy", """
            {
                admin off
                auto_https disable_redirects
            }
            %s
            """, "run", "--adapter", "caddyfile", "--config", "configuration");

    private static final Path PAGE = Path.of("src", "docs", "proxies.md");
    private static final String QUIET_SECONDS = "60s";
    private static final String SHORT_QUIET = "6s";

    private final String program;
    private final String frame;
    private final List<String> arguments;

    /** @param frame configuration around that of the page */
    Proxy(String program, String frame, String... arguments) {
        this.program = program;
        this.frame = frame;
        this.arguments = List.of(arguments);
    }

    private Optional<Path> path() {
        // Debian has some of them in directories of root's PATH only.
        return Programs.find(program)
                .or(() -> Optional.of(Path.of("/usr/sbin", program)).filter(Files::isExecutable));
    }

    boolean isHere() {
        return path().isPresent();
    }

    /** Starts it in front of the hub; when this returns it accepts TLS connections. */
    Run start(int hubPort) throws Exception {
        if (!isHere()) {
            String missing = "There is no " + program + " in the PATH: its configuration was not tried.";
            Programs.reportSkipped("what passes through " + program, missing);
            Assumptions.abort(missing);
        }
        Path folder = Path.of("target", "proxies", program).toAbsolutePath();
        Files.createDirectories(folder);
        certify(folder);
        int port = freePort();
        Files.writeString(folder.resolve("configuration"), frame.formatted(configuration(folder, port, hubPort)));
        ProcessBuilder builder = new ProcessBuilder(path().orElseThrow().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.command().addAll(arguments);
        builder.environment().put("HOME", folder.toString());
        Run run = new Run(builder.start(), port, folder.resolve("output"));
        run.awaitListening();
        return run;
    }

    private static void certify(Path folder) throws Exception {
        Certificates.generate(folder, "hub");
        Files.writeString(
                folder.resolve("hub.pem"),
                Files.readString(folder.resolve("hub.crt")) + Files.readString(folder.resolve("hub.key")));
    }

    private String configuration(Path folder, int port, int hubPort) throws IOException {
        Matcher block = Pattern.compile("```" + (this == CADDY ? "caddyfile" : program) + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        assertThat(block.find())
                .as("a configuration for %s in %s", program, PAGE)
                .isTrue();
        String text = block.group(1);
        assertThat(text).contains("443", "127.0.0.1:8080", "/etc/ssl/hub.");
        return text.replace("443", "" + port)
                .replace("127.0.0.1:8080", "127.0.0.1:" + hubPort)
                .replace("/etc/ssl/hub.", folder.resolve("hub.").toString())
                .replace("hub.example", "localhost")
                .replace(QUIET_SECONDS, SHORT_QUIET);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Running proxy. */
    record Run(Process process, int port, Path output) implements AutoCloseable {

        /** Scheme, host and port, as a browser shows them. */
        String origin() {
            return "https://localhost:" + port;
        }

        private void awaitListening() throws IOException {
            eventually().until(() -> !process.isAlive() || listens());
            assertThat(process.isAlive()).as(() -> read(output)).isTrue();
        }

        private boolean listens() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return true;
            } catch (IOException notYet) {
                return false;
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                return "its output could not be read: " + e.getMessage();
            }
        }

        @Override
        public void close() {
            Programs.end(process);
        }
    }
}
