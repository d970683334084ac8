package dev.herald.web.admin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.http.Parameters;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.roster.StreamQuery;

/**
 * Parser of the parameters of the administration. Unknown ones are rejected: a misspelt condition must not select more.
 * An empty one is rejected, too.
 */
final class AdminQuery {
    static final String TOKEN = "token";
    static final String JTI = "jti";
    static final String SUBJECT = "subject";
    static final String TOPIC = "topic";
    static final String SELECTOR = "selector";
    static final String LIMIT = "limit";
    static final String AFTER = "after";

    private static final List<String> STREAM_CONDITIONS = List.of(SUBJECT, TOKEN, JTI, TOPIC, SELECTOR);
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-fA-F]{64}");
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 100;

    private final Parameters parameters;

    private AdminQuery(Parameters parameters) {
        this.parameters = parameters;
    }

    /**
     * Parses a query or form.
     *
     * @param text one character a byte; null is none
     * @throws InvalidFieldException if it has a name that is not known, or one twice
     */
    static AdminQuery parse(String text, String... known) {
        Parameters parameters = Parameters.parse(text);
        parameters.rejectUnknown(
                Set.of(known),
                known.length == 0
                        ? "Send the fields as a form, in the body."
                        : "Known ones: " + String.join(", ", known) + ".");
        for (String name : known) {
            if (parameters.count(name) > 1) {
                throw new InvalidFieldException(name, "is given more than once: send one.");
            }
        }
        return new AdminQuery(parameters);
    }

    /** As {@link #parse}, with the conditions on streams and these names. */
    static AdminQuery parseStreams(String text, String... others) {
        return parse(
                text,
                Stream.concat(STREAM_CONDITIONS.stream(), Stream.of(others)).toArray(String[]::new));
    }

    /** @throws InvalidFieldException if it is empty */
    Optional<String> text(String name) {
        Optional<String> text = parameters.first(name);
        if (text.isPresent() && text.get().isEmpty()) {
            throw new InvalidFieldException(name, "is empty: give a value, or leave it out.");
        }
        return text;
    }

    /** The token or subject; at most one may be named. */
    Optional<Target> target() {
        Optional<Target> token = text(TOKEN).map(AdminQuery::token);
        Optional<Target> jti = text(JTI).map(value -> target(JTI, Kind.JTI, value));
        Optional<Target> subject = text(SUBJECT).map(value -> target(SUBJECT, Kind.SUBJECT, value));
        if ((token.isPresent() ? 1 : 0) + (jti.isPresent() ? 1 : 0) + (subject.isPresent() ? 1 : 0) > 1) {
            throw new InvalidFieldException(TOKEN, "must not be combined: name one of token, jti and subject.");
        }
        return token.or(() -> jti).or(() -> subject);
    }

    /** @throws InvalidFieldException if none is named */
    Target requiredTarget() {
        return target().orElseThrow(() ->
                new InvalidFieldException(SUBJECT, "is missing: name what is revoked, one of token, jti and subject."));
    }

    private static Target token(String text) {
        if (!FINGERPRINT.matcher(text).matches()) {
            // Not quoted: it may be a whole token.
            throw new InvalidFieldException(
                    TOKEN,
                    "must be the fingerprint of a token, 64 hexadecimal digits: the SHA-256 of the token up to its last"
                            + " dot. Never send the token itself.");
        }
        return new Target(Kind.TOKEN, text.toLowerCase(Locale.ROOT));
    }

    private static Target target(String name, Kind kind, String value) {
        if (!Target.fits(value)) {
            throw new InvalidFieldException(
                    name, "is too long: at most " + Target.MAX_BYTES + " bytes. Name the token by its fingerprint.");
        }
        return new Target(kind, value);
    }

    /** The condition on streams. */
    StreamQuery streams() {
        return new StreamQuery(target(), text(TOPIC).map(Topic::new), text(SELECTOR));
    }

    /** What the condition on streams is, for the audit log. */
    AuditLog.Target auditedStreams() {
        AuditLog.Target audited = target().map(AuditLog.Target::of).orElse(AuditLog.Target.NONE);
        for (String name : new String[] {TOPIC, SELECTOR}) {
            Optional<String> value = text(name);
            if (value.isPresent()) {
                audited = audited.and(AuditLog.Target.hashed(name, value.get()));
            }
        }
        return audited;
    }

    /** Most entries of a page. */
    int limit() {
        return text(LIMIT).map(AdminQuery::limit).orElse(DEFAULT_LIMIT);
    }

    private static int limit(String text) {
        long limit = number(LIMIT, text);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFieldException(LIMIT, "must be from 1 to " + MAX_LIMIT + ".");
        }
        return (int) limit;
    }

    /** Id of a stream after which a page begins; 0 for the first page. */
    long after() {
        return text(AFTER).map(text -> number(AFTER, text)).orElse(0L);
    }

    static long number(String name, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && Character.isDigit(text.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new InvalidFieldException(name, "must be a whole number.");
    }
}
