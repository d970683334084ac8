package dev.herald.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reserved topics and paths of subscriptions. A topic that the JDK resolves to a path of the hub is rejected. The path of
 * a subscription has the selector as one segment.
 */
public final class HubPathsFuzz implements FuzzTarget {
    private static final URI BASE = URI.create("https://hub.example/");

    private final HubPaths paths = RootPaths.create();

    @Override
    public void run(FuzzInput input) {
        String text = input.text();

        String path = paths.subscriptions(text, "x");
        assertThat(path).matches("/.well-known/mercure/subscriptions/[A-Za-z0-9._~%-]*/x");
        String segment = path.substring(HubPaths.SUBSCRIPTIONS.length() + 1, path.length() - 2);
        assertThat(URLDecoder.decode(segment, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(HubPaths.equalDecoded(path, path.toLowerCase(Locale.ROOT)))
                .isEqualTo(text.equals(URLDecoder.decode(segment.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8)));
        if (resolved(text).filter(HubPathsFuzz::isReserved).isPresent()) {
            assertThat(isRejected(text)).as("rejected").isTrue();
        }
    }

    private static boolean isReserved(String path) {
        return path.equals(HubPaths.MERCURE) || path.startsWith(HubPaths.MERCURE + "/");
    }

    private boolean isRejected(String text) {
        try {
            paths.rejectReserved(new Topic(text));
            return false;
        } catch (InvalidFieldException rejected) {
            return true;
        }
    }

    /** The decoded path of the text, relative to the hub; empty if it is no URI with a path. */
    private static Optional<String> resolved(String text) {
        try {
            URI uri = new URI(text);
            return Optional.ofNullable(BASE.resolve(uri).normalize().getPath());
        } catch (URISyntaxException noUri) {
            return Optional.empty();
        }
    }
}
