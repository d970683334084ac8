package dev.herald.cluster;

import java.time.Instant;
import java.util.Optional;

import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.Purge;

/** Order to all nodes, which each carries out at its place in the log. */
public sealed interface Control {

    /** Text of the order: its fields, a line each. The last one may have line breaks. */
    String text();

    /** The order with this text; empty if it is of a newer version, or none. */
    static Optional<Control> parse(String text) {
        String[] fields = text.split("\n", 2);
        if (fields.length < 2) {
            return Optional.empty();
        }
        try {
            return switch (fields[0]) {
                case "purge-id" -> Optional.of(new Purging(new Purge.OfId(new EventId(fields[1]))));
                case "purge-topic" -> Optional.of(new Purging(new Purge.OfTopic(new Topic(fields[1]))));
                case "revoke" -> Optional.of(Revoking.parse(fields[1]));
                case "readmit" -> Optional.of(Readmitting.parse(fields[1]));
                default -> Optional.empty();
            };
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Deletes the events before it for ever. */
    record Purging(Purge purge) implements Control {
        @Override
        public String text() {
            return purge instanceof Purge.OfId ofId
                    ? "purge-id\n" + ofId.id().value()
                    : "purge-topic\n" + ((Purge.OfTopic) purge).topic().name();
        }
    }

    /** Puts a revocation in force. */
    record Revoking(Revocation revocation) implements Control {
        private static final int FIELDS = 4;

        @Override
        public String text() {
            return "revoke\n" + revocation.target().kind() + "\n"
                    + revocation.since().toEpochMilli() + "\n"
                    + revocation.until().toEpochMilli() + "\n"
                    + revocation.target().value();
        }

        private static Revoking parse(String text) {
            String[] fields = text.split("\n", FIELDS);
            return new Revoking(new Revocation(
                    new Target(Kind.valueOf(fields[0]), fields[FIELDS - 1]),
                    Instant.ofEpochMilli(Long.parseLong(fields[1])),
                    Instant.ofEpochMilli(Long.parseLong(fields[2]))));
        }
    }

    /** Ends a revocation. */
    record Readmitting(Target target) implements Control {
        @Override
        public String text() {
            return "readmit\n" + target.kind() + "\n" + target.value();
        }

        private static Readmitting parse(String text) {
            String[] fields = text.split("\n", 2);
            return new Readmitting(new Target(Kind.valueOf(fields[0]), fields[1]));
        }
    }
}
