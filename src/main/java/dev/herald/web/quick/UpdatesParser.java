package dev.herald.web.quick;

import java.io.IOException;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.vertx.core.buffer.Buffer;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.BodyParser;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.memory.Reservation;
import dev.herald.web.UpdateCollector;

/**
 * Parser of several updates, in JSON or NDJSON, as they arrive (PROTOCOL Q14). It keeps complete updates, and the bytes
 * of one that is not complete. Objects and arrays of {@code data} are kept to the letter. A leading byte order mark is
 * skipped, as are blank lines.
 */
final class UpdatesParser implements BodyParser<UpdateCollector> {
    /** Member names are client input: they must not fill the symbol tables that Jackson shares between parsers. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            // The size of the body is the limit.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final String FOLLOWED =
            "Something follows the JSON value in the body. Send several as an array, or one"
                    + " a line as application/x-ndjson.";

    private static final String ARRAY =
            "It is an array and not an object. Send one object a line, or the array as application/json.";

    /** Advice of Jackson to the programmer, which no sender can follow. */
    private static final Pattern ADVICE = Pattern.compile(": (enable `|maybe a \\(non-standard\\)).*", Pattern.DOTALL);

    private final UpdatesFormat format;
    private final UpdateCollector updates;
    private final UpdateMembers members;
    private final Utf8Body body = new Utf8Body();
    private final ValueBytes data = new ValueBytes();
    private final JsonParser json;
    private final ByteArrayFeeder feeder;

    /** End of the last complete update, in bytes from the beginning. */
    private long updateEnd;

    private State state = State.ROOT;
    private boolean inArray;
    private UpdateMembers.Member member;

    /** Line of the update, in NDJSON. */
    private long line;

    /** Open objects and arrays of {@code data}. */
    private int depth;

    UpdatesParser(UpdatesFormat format, UpdateCollector updates) {
        this.format = format;
        this.updates = updates;
        this.members = new UpdateMembers(updates);
        try {
            this.json = FACTORY.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException("Creating a parser reads nothing.", e);
        }
        this.feeder = (ByteArrayFeeder) json.getNonBlockingInputFeeder();
    }

    /** What may follow. */
    private enum State {
        /** An update, an array of updates, or the end. */
        ROOT,
        /** A member's name, or the end of the update. */
        UPDATE,
        /** A member's value. */
        VALUE,
        /** An element of {@code topics}, or their end. */
        TOPICS,
        /** The rest of an object or array of {@code data}. */
        DATA,
        /** Nothing. */
        END
    }

    @Override
    public void feed(Buffer part) {
        parse(body.feed(part.getBytes()));
    }

    private void parse(byte[] part) {
        if (part.length == 0) {
            return;
        }
        updates.beforeParsing(data.before() + part.length - updateEnd);
        data.beginPart(part);
        try {
            feeder.feedInput(part, 0, part.length);
            acceptAll();
        } catch (IOException e) {
            throw invalid(e);
        }
        data.endPart(state == State.DATA);
        updates.afterParsing(data.before() - updateEnd);
    }

    @Override
    public Reservation memory() {
        return updates.memory();
    }

    @Override
    public UpdateCollector end() {
        parse(body.end());
        feeder.endOfInput();
        // Returns its buffers to Jackson.
        try (json) {
            acceptAll();
        } catch (IOException e) {
            throw invalid(e);
        }
        if (updates.size() == 0) {
            throw new RequestRejectedException(
                    ProblemType.EMPTY_BODY, "The body has no update: send one or more. Nothing was published.");
        }
        updates.settle();
        return updates;
    }

    @Override
    public void close() {
        updates.close();
    }

    private void acceptAll() throws IOException {
        JsonToken token = json.nextToken();
        while (token != null && token != JsonToken.NOT_AVAILABLE) {
            accept(token);
            token = json.nextToken();
        }
    }

    /** Adds the number of the update to a rejection of one of its members. */
    private void accept(JsonToken token) throws IOException {
        try {
            next(token);
        } catch (InvalidFieldException e) {
            throw RequestRejectedException.ofUpdate(
                    ProblemType.INVALID_FIELD, e.getMessage() + " Nothing was published.", updates.size());
        } catch (RequestRejectedException e) {
            throw e.at(updates.size());
        }
    }

    private void next(JsonToken token) throws IOException {
        switch (state) {
            case ROOT -> atRoot(token);
            case UPDATE -> inUpdate(token);
            case VALUE -> value(token);
            case TOPICS -> inTopics(token);
            case DATA -> inData(token);
            case END -> throw rejected(FOLLOWED);
        }
    }

    private void atRoot(JsonToken token) {
        switch (token) {
            case START_OBJECT -> {
                members.begin();
                beginLine();
                state = State.UPDATE;
            }
            case START_ARRAY -> {
                if (inArray || format == UpdatesFormat.LINES) {
                    throw inArray ? invalid("It is an array and not an object.") : rejected(ARRAY);
                }
                inArray = true;
            }
            case END_ARRAY -> state = State.END;
            default -> throw invalid("It is a text, number or literal and not an object.");
        }
    }

    /** One line must be one update: so a line that was cut is noticed, whatever follows. */
    private void beginLine() {
        if (format == UpdatesFormat.LINES) {
            long begun = json.currentLocation().getLineNr();
            if (begun == line) {
                throw invalid("Line " + begun + " has several updates: send one a line.");
            }
            line = begun;
        }
    }

    private void endLine() {
        if (format == UpdatesFormat.LINES && json.currentLocation().getLineNr() != line) {
            throw invalid("Line " + line + " ends within the update: send it as one line.");
        }
    }

    private void inUpdate(JsonToken token) throws IOException {
        if (token == JsonToken.FIELD_NAME) {
            member = members.member(json.currentName());
            state = State.VALUE;
            return;
        }
        endLine();
        updates.add(members.update());
        updateEnd = json.currentLocation().getByteOffset();
        state = inArray || format == UpdatesFormat.LINES ? State.ROOT : State.END;
    }

    private void value(JsonToken token) throws IOException {
        if (member == UpdateMembers.Member.DATA && token.isStructStart()) {
            data.begin(json.currentLocation().getByteOffset() - 1);
            depth = 1;
            state = State.DATA;
        } else if (member == UpdateMembers.Member.TOPICS && token == JsonToken.START_ARRAY) {
            state = State.TOPICS;
        } else {
            members.set(member, token, json);
            state = State.UPDATE;
        }
    }

    private void inTopics(JsonToken token) throws IOException {
        if (token == JsonToken.END_ARRAY) {
            members.endTopics();
            state = State.UPDATE;
        } else {
            members.addTopicOf(token, json);
        }
    }

    private void inData(JsonToken token) {
        if (token.isStructStart()) {
            depth++;
        } else if (token.isStructEnd()) {
            depth--;
        }
        if (depth == 0) {
            members.setData(data.end(json.currentLocation().getByteOffset()));
            state = State.UPDATE;
        }
    }

    private static RequestRejectedException invalid(String fault) {
        return rejected(fault + " Send an object for each update.");
    }

    private static RequestRejectedException rejected(String fault) {
        return new RequestRejectedException(ProblemType.INVALID_JSON, fault + " Nothing was published.");
    }

    private RequestRejectedException invalid(IOException failure) {
        return RequestRejectedException.ofUpdate(
                ProblemType.INVALID_JSON, fault(failure) + " Nothing was published.", updates.size());
    }

    private String fault(IOException failure) {
        if (failure instanceof JsonEOFException) {
            return "The body ends within it: send all of it.";
        }
        if (state == State.END) {
            return FOLLOWED;
        }
        if (failure instanceof StreamConstraintsException limit) {
            return tooMuch(limit.getOriginalMessage());
        }
        String lines = format == UpdatesFormat.LINES ? " Each line must be one whole update." : "";
        return failure instanceof JsonProcessingException problem
                ? location(problem.getLocation())
                        + ADVICE.matcher(problem.getOriginalMessage()).replaceFirst("") + "." + lines
                : "It is not JSON.";
    }

    /** The limits are those of Jackson: 1,000 levels, 1,000 characters of a number, 50,000 of a name. */
    private static String tooMuch(String message) {
        String fault = message.contains("nesting")
                ? "It is nested too deeply"
                : message.startsWith("Number") ? "A number in it is too long" : "A name in it is too long";
        return fault + ": if it is in the data, send that as a string.";
    }

    private static String location(JsonLocation location) {
        return location == null ? "" : "At line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }
}
