package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The hub and the servers it is compared with. */
enum ServerKind {
    HERALD("Herald"),
    /** The same hub; its subscribers share connections. */
    HERALD_HTTP2("Herald over HTTP/2"),
    FLOOR("event-loop floor"),
    NAIVE("naive Multi"),
    NCHAN("Nchan");

    /** Name in reports. */
    final String label;

    ServerKind(String label) {
        this.label = label;
    }

    boolean http2() {
        return this == HERALD_HTTP2;
    }

    boolean jvm() {
        return this != NCHAN;
    }

    /**
     * Starts a new server, if it is installed.
     *
     * @param directory for its files
     * @param results directory for its output
     */
    Optional<Server> start(Path directory, Path results) throws IOException {
        Path output = results.resolve(name().toLowerCase() + ".log");
        return switch (this) {
            case HERALD, HERALD_HTTP2 ->
                Optional.of(Server.hub(output, Server.fileLog(Files.createTempDirectory(directory, "hub"))));
            case FLOOR -> Optional.of(Server.java(MinimalServer.class, output));
            case NAIVE -> Optional.of(Server.java(NaiveServer.class, output));
            case NCHAN -> Nchan.start(Files.createTempDirectory(directory, "nchan"), output);
        };
    }
}
