package dev.herald.http.check;

import java.util.ArrayList;
import java.util.List;

import jakarta.ws.rs.core.MediaType;

import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

/** Values of {@code Accept} and {@code Content-Type}: Quarkus REST can parse and negotiate what is left of them. */
public final class MediaTypesFuzz implements FuzzTarget {
    private static final ServerMediaType PRODUCED =
            new ServerMediaType(List.of(MediaType.SERVER_SENT_EVENTS_TYPE, MediaType.TEXT_HTML_TYPE), "UTF-8", false);

    @Override
    public void run(FuzzInput input) {
        List<String> values = input.latin1Lines();
        if (!MediaTypes.areShort(values)) {
            return;
        }
        values.stream().filter(MediaTypes::isMediaType).forEach(MediaTypeHelper::valueOf);
        List<String> ranges = new ArrayList<>(MediaTypes.elements(values));
        ranges.removeIf(element -> !MediaTypes.isRange(element));
        if (!ranges.isEmpty()) {
            PRODUCED.negotiateProduces(String.join(", ", ranges));
        }
    }
}
