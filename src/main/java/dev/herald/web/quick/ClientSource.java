package dev.herald.web.quick;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Source of the JavaScript client: modules of one subject each, joined into the one that the hub serves (decision 270). Their
 * imports and exports of each other are left out, as are comments, which are for this project; {@code herald.d.ts} has those
 * for applications.
 */
final class ClientSource {
    private static final String FOLDER = "client/";

    /** In the order in which they depend on each other. */
    private static final List<String> MODULES = List.of(
            "error",
            "attempts",
            "tokens",
            "parser",
            "connection",
            "ring",
            "feed",
            "worker",
            "member",
            "event",
            "queue",
            "subscription",
            "herald");

    /** Lines with a comment only, and those that connect the modules. */
    private static final Pattern LEFT_OUT =
            Pattern.compile("\\s*//.*|\\s*/\\*\\*.*|\\s*\\*(?:[ /].*)?|import .*|export \\{.*");

    private static final String TITLE = "// JavaScript client of Herald. Its interface is documented in herald.d.ts.\n";

    private ClientSource() {}

    /** Reads the modules, and joins them. */
    static String read() {
        return MODULES.stream()
                .flatMap(ClientSource::lines)
                .filter(line -> !LEFT_OUT.matcher(line).matches())
                .dropWhile(String::isEmpty)
                .collect(Collectors.joining("\n", TITLE, "\n"));
    }

    private static Stream<String> lines(String module) {
        String file = FOLDER + module + ".js";
        try (InputStream content =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(file)) {
            if (content == null) {
                throw new IllegalStateException("The file " + file + " is missing in this build.");
            }
            return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8)).lines().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
