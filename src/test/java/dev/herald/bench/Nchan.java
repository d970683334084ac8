package dev.herald.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Nginx with the module Nchan, if both are installed, as a competitor. One process with all its files in one directory.
 */
final class Nchan {
    private static final String NGINX = "nginx";
    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_nchan_module.so"));
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin");

    private Nchan() {}

    /**
     * Starts it, if it is installed.
     *
     * @param directory for all its files
     * @param output file for its output
     */
    static Optional<Server> start(Path directory, Path output) throws IOException {
        Optional<Path> module = MODULES.stream().filter(Files::exists).findFirst();
        Optional<String> nginx = nginx();
        if (module.isEmpty() || nginx.isEmpty()) {
            return Optional.empty();
        }
        int port = freePort();
        Path config = Files.writeString(directory.resolve("nginx.conf"), config(module.get(), directory, port));
        return Optional.of(Server.onPort(
                port,
                List.of(nginx.get(), "-p", directory.toString(), "-c", config.toString(), "-e", "stderr"),
                output));
    }

    private static Optional<String> nginx() {
        return Cores.installed(NGINX)
                ? Optional.of(NGINX)
                : SYSTEM_DIRECTORIES.stream()
                        .map(directory -> directory + "/" + NGINX)
                        .filter(file -> Files.isExecutable(Path.of(file)))
                        .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String config(Path module, Path directory, int port) {
        String temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";\n")
                .reduce("", String::concat);
        return """
                load_module %s;
                daemon off;
                master_process off;
                pid %s;
                events { worker_connections 19000; }
                http {
                  access_log off;
                  %s
                  keepalive_requests 1000000000;
                  nchan_shared_memory_size 256M;
                  nchan_message_buffer_length 10000;
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location = /SSE {
                      nchan_subscriber eventsource;
                      nchan_channel_id $arg_topic;
                      nchan_subscriber_first_message newest;
                    }
                    location = /message {
                      nchan_publisher;
                      nchan_channel_id $arg_topic;
                    }
                  }
                }
                """.formatted(module, directory.resolve("nginx.pid"), temporary, port);
    }
}
