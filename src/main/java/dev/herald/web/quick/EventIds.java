package dev.herald.web.quick;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.herald.event.EventId;
import dev.herald.web.AnswerMemory;
import dev.herald.web.JsonAnswer;

/**
 * Answer to a request with several updates.
 *
 * @param json UTF-8; must not be modified
 * @param reservation heap that the answer occupies
 */
public record EventIds(byte[] json, AnswerMemory reservation) implements JsonAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES_AN_ID = 50;

    /** {@code {"ids": […]}}. */
    static EventIds of(List<EventId> ids, AnswerMemory memory) {
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
        return new EventIds(json.toByteArray(), memory);
    }
}
