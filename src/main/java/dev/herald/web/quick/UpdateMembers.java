package dev.herald.web.quick;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.web.UpdateCollector;

/**
 * Members of one update in JSON (PROTOCOL Q14). A value of another JSON type than the member's is rejected: the string
 * {@code "false"} must not decide who receives the update. Used for one update after the other.
 */
final class UpdateMembers {
    /** Usually there is one. */
    private static final int EXPECTED_TOPICS = 1;

    private static final int MAX_TOPICS = 1_000;
    private static final int MAX_RETRY_DIGITS = 18;
    private static final int MAX_QUOTED = 64;
    private static final String KNOWN = "Known are topic, topics, data, private, type, id and retry.";

    private static final Member[] MEMBERS = Member.values();

    private final UpdateCollector updates;
    private final Set<Member> given = EnumSet.noneOf(Member.class);
    private List<Topic> topics = new ArrayList<>();
    private String data = "";
    private boolean isPrivate;
    private Optional<EventId> id = Optional.empty();
    private Optional<EventType> type = Optional.empty();
    private OptionalLong retry = OptionalLong.empty();

    UpdateMembers(UpdateCollector updates) {
        this.updates = updates;
    }

    /** Member of an update. */
    enum Member {
        TOPIC,
        TOPICS,
        DATA,
        PRIVATE,
        ID,
        TYPE,
        RETRY;

        private final String text = name().toLowerCase(Locale.ROOT);
    }

    /** Begins another update. */
    void begin() {
        given.clear();
        topics = new ArrayList<>(EXPECTED_TOPICS);
        data = "";
        isPrivate = false;
        id = Optional.empty();
        type = Optional.empty();
        retry = OptionalLong.empty();
    }

    /**
     * The member of this name.
     *
     * @throws InvalidFieldException if there is none, or if the update has it already
     */
    Member member(String name) {
        for (Member member : MEMBERS) {
            if (member.text.equals(name)) {
                if (!given.add(member)) {
                    throw new InvalidFieldException(name, "is given more than once: send it once.");
                }
                return member;
            }
        }
        String quoted = name.length() <= MAX_QUOTED ? name : name.substring(0, MAX_QUOTED) + "…";
        throw new InvalidFieldException(quoted, "is not a member of an update. " + KNOWN);
    }

    /**
     * Sets a member to a value that is one token.
     *
     * @throws InvalidFieldException if the value is invalid
     */
    void set(Member member, JsonToken token, JsonParser json) throws IOException {
        switch (member) {
            case TOPIC -> addTopic(string(member, token, json));
            case TOPICS ->
                throw new InvalidFieldException(
                        member.text, "is not an array of strings: send one, such as [\"a\"], or send 'topic'.");
            case DATA -> setData(data(token, json));
            case PRIVATE -> isPrivate = bool(member, token);
            case ID -> id = Optional.of(new EventId(string(member, token, json)));
            case TYPE -> type = Optional.of(new EventType(string(member, token, json)));
            case RETRY -> retry = OptionalLong.of(millis(member, token, json));
        }
    }

    /** Adds an element of {@code topics}. */
    void addTopicOf(JsonToken token, JsonParser json) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw new InvalidFieldException(
                    Member.TOPICS.text, "has an element that is not a string: send an array of strings.");
        }
        addTopic(json.getText());
    }

    /** @throws InvalidFieldException if {@code topics} has no element */
    void endTopics() {
        if (topics.isEmpty()) {
            throw new InvalidFieldException(Member.TOPICS.text, "is empty: name at least one topic.");
        }
    }

    private void addTopic(String name) {
        if (name.isEmpty()) {
            throw new InvalidFieldException(Member.TOPIC.text, "is empty: name the topic.");
        }
        if (topics.size() == MAX_TOPICS) {
            throw new RequestRejectedException(
                    ProblemType.TOO_MANY_TOPICS,
                    "An update has at most " + MAX_TOPICS + " topics: send fewer. Nothing was published.");
        }
        topics.add(updates.topic(name));
    }

    /** Sets the data to JSON or text. */
    void setData(String text) {
        data = text;
    }

    private static String data(JsonToken token, JsonParser json) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw new InvalidFieldException(
                    Member.DATA.text,
                    "is a bare number, true, false or null, which subscribers could not distinguish from text: send text in"
                            + " quotes, or an object or array.");
        }
        return wellFormed(Member.DATA, json.getText());
    }

    private static String string(Member member, JsonToken token, JsonParser json) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw new InvalidFieldException(member.text, "is not a string: send a string, or leave it out.");
        }
        return json.getText();
    }

    /** JSON escapes can encode half of a surrogate pair, which has no UTF-8. */
    private static String wellFormed(Member member, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InvalidFieldException(
                            member.text, "is not well-formed Unicode: it contains half of a surrogate pair.");
                }
                i++;
            }
        }
        return text;
    }

    private static boolean bool(Member member, JsonToken token) {
        if (!token.isBoolean()) {
            throw new InvalidFieldException(
                    member.text, "is neither true nor false: send one of them, or leave it out.");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private static long millis(Member member, JsonToken token, JsonParser json) throws IOException {
        String digits = token == JsonToken.VALUE_NUMBER_INT ? json.getText() : "";
        if (digits.isEmpty() || digits.length() > MAX_RETRY_DIGITS || digits.charAt(0) == '-') {
            throw new InvalidFieldException(
                    member.text,
                    "is not a number of milliseconds: send an integer of 1 to 18 digits, or leave it out.");
        }
        return Long.parseLong(digits);
    }

    /**
     * The update.
     *
     * @throws InvalidFieldException if a member is missing, or if they do not fit together
     */
    Update update() {
        if (given.contains(Member.TOPIC) && given.contains(Member.TOPICS)) {
            throw new InvalidFieldException(Member.TOPICS.text, "is given beside 'topic': send one of them.");
        }
        if (!given.contains(Member.DATA)) {
            throw new InvalidFieldException(Member.DATA.text, "is missing: send it, if need be as \"\".");
        }
        List<Topic> distinct =
                topics.size() == 1 ? topics : topics.stream().distinct().toList();
        return new Update(distinct, data, isPrivate, id, type, retry);
    }
}
