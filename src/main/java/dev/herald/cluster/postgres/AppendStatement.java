package dev.herald.cluster.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.cluster.Control;
import dev.herald.cluster.Outcome;
import dev.herald.cluster.SharedBatch;
import dev.herald.cluster.SharedEvent.Kind;
import dev.herald.cluster.SharedSession.Reply;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.Retention;
import dev.herald.log.local.StoredKey;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Statement that appends a batch by the function {@code herald.append}: one round trip. Used by one thread. */
final class AppendStatement implements AutoCloseable {
    private static final int REPEATED = 1;
    private static final int NO_ROOM = 2;

    private final Connection connection;
    private final PreparedStatement append;

    AppendStatement(Connection connection) throws SQLException {
        this.connection = connection;
        this.append = connection.prepareStatement("SELECT through, keys, extract(epoch FROM room)::float8, key_states,"
                + " key_positions, key_contents, key_seeds, key_made FROM herald.append(?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?, ?, ?, ?, ?, ?, ? * interval '1 millisecond', ?)");
    }

    Reply execute(SharedBatch batch, Retention.Keys limits) throws SQLException {
        Columns columns = new Columns(batch);
        columns.bind(batch.token(), limits);
        try (ResultSet row = append.executeQuery()) {
            row.next();
            return new Reply(
                    row.getLong(1), columns.outcomes(row, batch.entries().size()), row.getLong(2));
        }
    }

    @Override
    public void close() throws SQLException {
        append.close();
    }

    /** The batch by columns, as the function takes it. */
    private final class Columns {
        private final List<Integer> entries = new ArrayList<>();
        private final List<Integer> kinds = new ArrayList<>();
        private final List<Boolean> privates = new ArrayList<>();
        private final List<Long> retries = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private final List<String> topics = new ArrayList<>();
        private final List<String> types = new ArrayList<>();
        private final List<byte[]> data = new ArrayList<>();
        private final List<StoredKey> keys = new ArrayList<>();
        private final List<Integer> keyEntries = new ArrayList<>();
        private final List<Integer> keyOffsets = new ArrayList<>();
        private final List<Integer> keySizes = new ArrayList<>();

        Columns(SharedBatch batch) {
            for (int entry = 0; entry < batch.entries().size(); entry++) {
                add(entry, batch.entries().get(entry));
            }
        }

        private void add(int entry, SharedBatch.Entry added) {
            if (added instanceof SharedBatch.Order order) {
                add(entry, Kind.ORDER, order.control());
                return;
            }
            SharedBatch.Updates updates = (SharedBatch.Updates) added;
            updates.key().ifPresent(key -> {
                keys.add(key);
                keyEntries.add(entry);
                keyOffsets.add(entries.size());
                keySizes.add(updates.updates().size());
            });
            for (int i = 0; i < updates.updates().size(); i++) {
                add(
                        entry,
                        updates.isTransient() ? Kind.TRANSIENT : Kind.EVENT,
                        updates.ids().get(i),
                        updates.updates().get(i));
            }
        }

        private void add(int entry, Kind kind, Optional<EventId> id, Update update) {
            entries.add(entry);
            kinds.add(kind.ordinal());
            privates.add(update.isPrivate());
            retries.add(update.retryMillis().isPresent() ? update.retryMillis().getAsLong() : null);
            ids.add(id.map(EventId::value).orElse(null));
            topics.add(
                    String.join("\n", update.topics().stream().map(Topic::name).toList()));
            types.add(update.type().map(type -> type.name()).orElse(null));
            data.add(update.data().getBytes(UTF_8));
        }

        private void add(int entry, Kind kind, Control control) {
            entries.add(entry);
            kinds.add(kind.ordinal());
            privates.add(true);
            retries.add(null);
            ids.add(null);
            topics.add("");
            types.add(null);
            data.add(control.text().getBytes(UTF_8));
        }

        void bind(UUID token, Retention.Keys limits) throws SQLException {
            int column = 0;
            append.setObject(++column, token);
            append.setArray(++column, array("int4", entries));
            append.setArray(++column, array("int4", kinds));
            append.setArray(++column, array("bool", privates));
            append.setArray(++column, array("int8", retries));
            append.setArray(++column, array("text", ids));
            append.setArray(++column, array("text", topics));
            append.setArray(++column, array("text", types));
            append.setArray(++column, bytes(data));
            append.setArray(++column, array("int4", keyEntries));
            append.setArray(++column, array("int4", keyOffsets));
            append.setArray(++column, array("int4", keySizes));
            append.setArray(
                    ++column,
                    bytes(keys.stream().map(key -> key.key().name().toBytes()).toList()));
            append.setArray(
                    ++column,
                    bytes(keys.stream()
                            .map(key -> key.key().content().toBytes())
                            .toList()));
            append.setArray(
                    ++column,
                    bytes(keys.stream().map(key -> key.seed().toBytes()).toList()));
            append.setArray(
                    ++column,
                    array(
                            "int8",
                            keys.stream().map(key -> micros(key.acceptedAt())).toList()));
            append.setLong(++column, limits.lifetime().toMillis());
            append.setLong(++column, limits.maxCount());
        }

        private Array array(String type, List<?> values) throws SQLException {
            return connection.createArrayOf(type, values.toArray());
        }

        private Array bytes(List<byte[]> values) throws SQLException {
            return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
        }

        List<Outcome> outcomes(ResultSet row, int count) throws SQLException {
            List<Outcome> outcomes = new ArrayList<>(count);
            for (int entry = 0; entry < count; entry++) {
                outcomes.add(Outcome.APPENDED);
            }
            if (keys.isEmpty()) {
                return outcomes;
            }
            Integer[] states = (Integer[]) row.getArray(4).getArray();
            Long[] positions = (Long[]) row.getArray(5).getArray();
            byte[][] contents = (byte[][]) row.getArray(6).getArray();
            byte[][] seeds = (byte[][]) row.getArray(7).getArray();
            Long[] made = (Long[]) row.getArray(8).getArray();
            for (int i = 0; i < keys.size(); i++) {
                if (states[i] == NO_ROOM) {
                    outcomes.set(keyEntries.get(i), new Outcome.KeysFull(room(row)));
                } else if (states[i] == REPEATED) {
                    IdempotencyKey key = new IdempotencyKey(keys.get(i).key().name(), Fingerprint.of(contents[i]));
                    outcomes.set(
                            keyEntries.get(i),
                            new Outcome.Repeated(
                                    new StoredKey(key, positions[i], instant(made[i]), Fingerprint.of(seeds[i]))));
                }
            }
            return outcomes;
        }

        private static Duration room(ResultSet row) throws SQLException {
            return Duration.ofMillis(Math.max(0, (long) (row.getDouble(3) * 1_000)));
        }
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
