package dev.herald.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.herald.auth.KeyFuzz;
import dev.herald.auth.TokenFuzz;
import dev.herald.connection.RequestHeadFuzz;
import dev.herald.connection.RequestTargetFuzz;
import dev.herald.event.FrameFuzz;
import dev.herald.http.BearerFuzz;
import dev.herald.http.HubPathsFuzz;
import dev.herald.http.OriginFuzz;
import dev.herald.http.ParametersFuzz;
import dev.herald.http.check.MediaTypesFuzz;
import dev.herald.limit.ForwardedFuzz;
import dev.herald.log.CursorFuzz;
import dev.herald.log.sqlite.StoredBytesFuzz;
import dev.herald.selector.TopicSelectorFuzz;
import dev.herald.settings.NotationFuzz;
import dev.herald.stream.AcceptEncodingFuzz;
import dev.herald.web.mercure.EntityTagFuzz;
import dev.herald.web.quick.MessageBodyFuzz;

/** All fuzz targets by name. The seeds of a target are the files in the folder of its name. */
public final class FuzzTargets {
    private static final Path SEEDS = Path.of("src/test/resources/fuzz");

    private static final Map<String, Supplier<FuzzTarget>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("accept-encoding", AcceptEncodingFuzz::new),
            Map.entry("bearer", BearerFuzz::new),
            Map.entry("cursor", CursorFuzz::new),
            Map.entry("entity-tag", EntityTagFuzz::new),
            Map.entry("forwarded", ForwardedFuzz::new),
            Map.entry("frame", FrameFuzz::new),
            Map.entry("hub-paths", HubPathsFuzz::new),
            Map.entry("key", KeyFuzz::new),
            Map.entry("media-types", MediaTypesFuzz::new),
            Map.entry("message-body", MessageBodyFuzz::new),
            Map.entry("notation", NotationFuzz::new),
            Map.entry("origin", OriginFuzz::new),
            Map.entry("parameters", ParametersFuzz::new),
            Map.entry("request-head", RequestHeadFuzz::new),
            Map.entry("request-target", RequestTargetFuzz::new),
            Map.entry("selector", TopicSelectorFuzz::new),
            Map.entry("stored-bytes", FuzzTargets::storedBytes),
            Map.entry("token", TokenFuzz::new)));

    private FuzzTargets() {}

    /** Their names, in order. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    /** A new target of this name. */
    public static FuzzTarget create(String name) {
        return ALL.get(name).get();
    }

    /** Folder of its seeds, one input a file. */
    public static Path seeds(String name) {
        return SEEDS.resolve(name);
    }

    private static FuzzTarget storedBytes() {
        try {
            return new StoredBytesFuzz();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
