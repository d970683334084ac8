package dev.herald.web.quick;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.herald.event.EventId;

/** Encoder of the answer to a request with several updates (PROTOCOL Q14): {@code {"ids": […]}}. */
final class EventIdsJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES_AN_ID = 50;

    private EventIdsJson() {}

    /** The JSON in UTF-8. */
    static byte[] of(List<EventId> ids) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(BYTES_AN_ID * (ids.size() + 1));
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            generator.writeStartObject();
            generator.writeArrayFieldStart("ids");
            for (EventId id : ids) {
                generator.writeString(id.value());
            }
            generator.writeEndArray();
            generator.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory does not fail.", e);
        }
        return json.toByteArray();
    }
}
