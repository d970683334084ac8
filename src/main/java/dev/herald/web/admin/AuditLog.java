package dev.herald.web.admin;

import java.util.Optional;
import java.util.concurrent.CompletionException;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.node.TextNode;
import org.jboss.logging.Logger;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.RequestRejectedException;
import dev.herald.identity.Revocation;
import dev.herald.identity.TokenIdentity;
import dev.herald.stats.AdminActions;
import dev.herald.stats.AdminActions.Action;

/**
 * Audit log: one INFO line for each action of an administrator, with the administrator's subject and fingerprint. Topics
 * and ids of events may be private: of these it has a hash, by which a known one is found. Counts the actions, too.
 * Thread-safe.
 */
@ApplicationScoped
class AuditLog {
    private static final Logger LOG = Logger.getLogger("dev.herald.audit");

    /** Characters of a hash, which identify what it was made of among all that a hub has. */
    private static final int HASH_LENGTH = 16;

    /** Longest subject or {@code jti} in a line, in characters. */
    private static final int MAX_TEXT = 200;

    private final AdminActions actions;

    AuditLog(AdminActions actions) {
        this.actions = actions;
    }

    /**
     * What an action concerns, as it is logged.
     *
     * @param text names and values in pairs, as in {@code subject="alice"}
     */
    record Target(String text) {
        static final Target NONE = new Target("all");

        static Target of(Revocation.Target target) {
            String value = target.value();
            return new Target(
                    switch (target.kind()) {
                        case TOKEN -> "token:" + shortened(value);
                        case JTI -> "jti:" + quoted(value);
                        case SUBJECT -> "subject:" + quoted(value);
                    });
        }

        /** A topic, selector or id. */
        static Target hashed(String kind, String value) {
            return new Target(kind + ":" + shortened(TokenIdentity.sha256(value)));
        }

        static Target stream(long id) {
            return new Target("stream:" + id);
        }

        Target and(Target other) {
            return this == NONE ? other : new Target(text + "," + other.text);
        }
    }

    /** Without control characters, and no longer than a line should be. */
    private static String quoted(String text) {
        String part = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
        StringBuilder printable = new StringBuilder();
        part.codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        ? '\uFFFD'
                        : c)
                .forEach(printable::appendCodePoint);
        return TextNode.valueOf(printable.toString()).toString();
    }

    private static String shortened(String hash) {
        return hash.substring(0, Math.min(HASH_LENGTH, hash.length()));
    }

    /** Records an action that has ended. */
    void record(
            Administrator administrator, Action action, Target target, Optional<Outcome> outcome, Throwable failure) {
        actions.count(action, failure == null);
        TokenIdentity by = administrator.identity();
        LOG.infof(
                "Administration. action=%s by=%s token=%s target=%s count=%d outcome=%s",
                action.label(),
                by.subject().map(AuditLog::quoted).orElse("none"),
                by.fingerprint().map(AuditLog::shortened).orElse("none"),
                target.text(),
                outcome.map(Outcome::count).orElse(0L),
                outcome(failure));
    }

    private static String outcome(Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RequestRejectedException || cause instanceof InvalidFieldException
                ? "rejected"
                : "failed";
    }
}
