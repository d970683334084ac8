package dev.herald.openapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Update;
import dev.herald.http.Parameters;
import dev.herald.web.Dialect;
import dev.herald.web.StreamRequest;

/**
 * The parameters that a dialect accepts, found by trying: a name is a parameter if the dialect does not reject it, or
 * if its presence changes what the dialect reads. Every word in a string of the parsers' sources is tried.
 *
 * @param base parameters of each request, such as those that are required
 */
record AcceptedParameters(Dialect dialect, String base) {
    private static final List<String> SOURCES = List.of("http", "web", "web/quick", "web/mercure", "event");
    private static final Pattern WORD = Pattern.compile("\"([A-Za-z][A-Za-z_-]*)\"");

    /** A number of events, a flag that is set, an id, and a topic. */
    private static final String VALUE = "1";

    /** Names that are tried. */
    static Set<String> candidates() {
        Set<String> words = new TreeSet<>();
        for (String source : SOURCES) {
            try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/herald", source))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> words.addAll(words(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        words.add("no-such-parameter");
        return words;
    }

    private static Set<String> words(Path file) {
        try {
            Matcher words = WORD.matcher(Files.readString(file));
            return words.results().map(word -> word.group(1)).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parameters of a stream. */
    Set<String> ofStream() {
        return accepted(name -> changesStream(with(name)));
    }

    /** A rejected value is read, too. */
    private boolean changesStream(String query) {
        try {
            return !streamRequest(query).equals(streamRequest(base));
        } catch (InvalidFieldException e) {
            return true;
        }
    }

    private StreamRequest streamRequest(String query) {
        return dialect.streamRequest(request(query, MultiMap.caseInsensitiveMultiMap()), Parameters.parse(query));
    }

    /** Query parameters of a publishing request. */
    Set<String> ofPublishing() {
        return accepted(name -> isAccepted(() -> dialect.updateParser(request(name + "=" + VALUE, formType()))));
    }

    /** Fields of the form of a publishing request: those that change the update. */
    Set<String> ofForm() {
        Function<byte[], Update> parser = dialect.updateParser(request(null, formType()));
        Update unchanged = parser.apply(bytes(base));
        return accepted(name -> isAccepted(() -> parser.apply(bytes(with(name))))
                && !parser.apply(bytes(with(name))).equals(unchanged));
    }

    private static Set<String> accepted(Predicate<String> check) {
        return candidates().stream().filter(check).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The base with this name first, so that its value is the one that is read. */
    private String with(String name) {
        return Stream.concat(
                        Stream.of(name + "=" + VALUE),
                        Stream.of(base.split("&")).filter(one -> !one.startsWith(name + "=")))
                .collect(Collectors.joining("&"));
    }

    private static boolean isAccepted(Runnable request) {
        try {
            request.run();
            return true;
        } catch (InvalidFieldException e) {
            return !e.getMessage().contains("is not a parameter of this request");
        }
    }

    private static byte[] bytes(String form) {
        return form.getBytes(StandardCharsets.UTF_8);
    }

    private static MultiMap formType() {
        return MultiMap.caseInsensitiveMultiMap().add("Content-Type", "application/x-www-form-urlencoded");
    }

    private static HttpServerRequest request(String query, MultiMap headers) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "query" -> query;
                    case "headers" -> headers;
                    default -> throw new IllegalStateException(method + " is not expected of a parser.");
                });
    }
}
