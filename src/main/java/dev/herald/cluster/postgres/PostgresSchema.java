package dev.herald.cluster.postgres;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jboss.logging.Logger;

import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedLogException.Kind;
import dev.herald.log.CursorSeal;
import dev.herald.log.Generation;
import dev.herald.log.Generations;
import dev.herald.log.LogIdentity;

/**
 * Schema {@code herald} and its migrations. The table {@code herald.migration} has a row for each step that was applied. A
 * released step is never edited; a new one is added. Nodes that start at once wait for each other.
 */
final class PostgresSchema {
    /** Names the lock of migrations among the advisory locks of the database: "HRLD", 1. */
    private static final long MIGRATION_LOCK = 0x48524c44_00000001L;

    private static final int OLDEST_SERVER = 130_000;

    private static final Logger LOG = Logger.getLogger(PostgresSchema.class);

    private static final List<String> STEPS = List.of(first());

    private final Connection connection;

    PostgresSchema(Connection connection) {
        this.connection = connection;
    }

    /**
     * Brings the schema to this version, if it is older or missing.
     *
     * @throws SharedLogException if that is not possible
     */
    void migrate() throws SQLException {
        requireServer();
        if (version() == STEPS.size()) {
            return;
        }
        int before = Transaction.run(connection, this::applySteps);
        LOG.infof("The schema of the shared log is new. schema=herald from=%d to=%d", before, STEPS.size());
    }

    /** Returns the version before. */
    private int applySteps() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
            int version = version();
            if (version > STEPS.size()) {
                // Not for ever: an upgrade of the other nodes may be taken back.
                throw new SharedLogException(
                        Kind.LOST,
                        "The schema 'herald' was written by a newer Herald (version " + version
                                + ", this one knows up to " + STEPS.size()
                                + "): run that version, or give this one another database (herald.log.postgres.url).",
                        null);
            }
            for (int step = version; step < STEPS.size(); step++) {
                statement.execute(STEPS.get(step));
                statement.execute("INSERT INTO herald.migration (version) VALUES (" + (step + 1) + ")");
            }
            if (version == 0) {
                begin();
            }
            return version;
        }
    }

    private void requireServer() throws SQLException {
        if (number("SELECT current_setting('server_version_num')::int") < OLDEST_SERVER) {
            throw SharedLogException.refused("The database is older than PostgreSQL 13: use a newer one.");
        }
        if (number("SELECT count(*) FROM pg_database WHERE datname = current_database()"
                        + " AND pg_encoding_to_char(encoding) = 'UTF8'")
                == 0) {
            throw SharedLogException.refused(
                    "The encoding of the database is not UTF8, so it cannot store every topic: create one with"
                            + " ENCODING 'UTF8'.");
        }
    }

    /** Number of applied steps; 0 without a schema. */
    private int version() throws SQLException {
        if (number("SELECT count(*) FROM pg_namespace WHERE nspname = 'herald'") == 0) {
            return 0;
        }
        if (number("SELECT count(*) FROM pg_tables WHERE schemaname = 'herald' AND tablename = 'migration'") == 0) {
            if (number("SELECT count(*) FROM pg_class WHERE relnamespace = 'herald'::regnamespace") == 0) {
                return 0;
            }
            throw SharedLogException.refused("The database has a schema 'herald' that is not Herald's: use another"
                    + " database (herald.log.postgres.url).");
        }
        return (int) number("SELECT coalesce(max(version), 0) FROM herald.migration");
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Writes what only the first node can choose. */
    private void begin() throws SQLException {
        byte[] key = new byte[CursorSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO herald.log (cursor_key) VALUES (?)")) {
            insert.setBytes(1, key);
            insert.executeUpdate();
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO herald.generation (id, start, whole) VALUES (?, 0, true)")) {
            insert.setLong(1, Generations.newId(List.of()));
            insert.executeUpdate();
        }
    }

    /** Identity of the log. */
    LogIdentity identity() throws SQLException {
        List<Generation> generations = new ArrayList<>();
        byte[] key = {};
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT cursor_key FROM herald.log")) {
                key = row.next() ? row.getBytes(1) : key;
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT id, start, whole FROM herald.generation ORDER BY number")) {
                while (row.next()) {
                    generations.add(new Generation(row.getLong(1), row.getLong(2), row.getBoolean(3)));
                }
            }
        }
        if (key.length != CursorSeal.KEY_BYTES || generations.isEmpty()) {
            throw SharedLogException.refused(
                    "The tables of the schema 'herald' were changed by hand: herald.log has one row, and"
                            + " herald.generation at least one. Restore the database, or drop the schema to begin an empty"
                            + " log.");
        }
        return new LogIdentity(key, new Generations(generations));
    }

    private static String first() {
        return """
            -- Not IF NOT EXISTS, which needs the right to create schemas even if it exists.
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'herald') THEN
                CREATE SCHEMA herald;
              END IF;
            END $$;
            CREATE TABLE herald.migration (
              version int PRIMARY KEY, applied timestamptz NOT NULL DEFAULT clock_timestamp());

            -- One row: whoever has locked it appends. Entries (by position), kept events and bytes of all there ever was.
            CREATE TABLE herald.log (
              one boolean PRIMARY KEY DEFAULT true CHECK (one), cursor_key bytea NOT NULL,
              position bigint NOT NULL DEFAULT 0, events bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0,
              keys bigint NOT NULL DEFAULT 0) WITH (fillfactor = 10);

            -- One row: the last batch that retention has removed. Not in herald.log, so that it delays no append.
            CREATE TABLE herald.horizon (
              one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL DEFAULT 0);
            INSERT INTO herald.horizon DEFAULT VALUES;

            CREATE TABLE herald.generation (
              number int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, id bigint NOT NULL, start bigint NOT NULL,
              whole boolean NOT NULL);

            -- What one node appended at once. The last two columns count from the beginning of the log: kept events, and
            -- the bytes of all entries, transient ones and orders among them.
            CREATE TABLE herald.batch (
              last bigint PRIMARY KEY, first bigint NOT NULL, token uuid NOT NULL, accepted timestamptz NOT NULL,
              size bigint NOT NULL, events_through bigint NOT NULL, bytes_through bigint NOT NULL);

            -- Batches of the last minutes, so that one that is sent again is not appended again. skipped: its entries that
            -- were not appended because of their keys.
            CREATE TABLE herald.token (
              token uuid PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL, accepted timestamptz NOT NULL,
              skipped int[] NOT NULL);
            CREATE INDEX token_accepted ON herald.token (accepted);

            -- kind: 0 event, 1 transient event, 2 purged event, 3 order to all nodes.
            CREATE TABLE herald.event (
              position bigint PRIMARY KEY, kind smallint NOT NULL, private boolean NOT NULL, retry bigint, id text,
              topics text[] NOT NULL, type text, data bytea NOT NULL);

            CREATE TABLE herald.key (
              name bytea PRIMARY KEY, content bytea NOT NULL, seed bytea NOT NULL, position bigint NOT NULL,
              made bigint NOT NULL, accepted timestamptz NOT NULL);
            CREATE INDEX key_accepted ON herald.key (accepted);

            CREATE TABLE herald.revocation (
              kind text NOT NULL, value text NOT NULL, since bigint NOT NULL, until bigint NOT NULL,
              PRIMARY KEY (kind, value));

            -- Purges that the events in this database have still to undergo.
            CREATE TABLE herald.purge (
              position bigint PRIMARY KEY, by_topic boolean NOT NULL, name text NOT NULL,
              through bigint NOT NULL DEFAULT 0);
            """ + append() + retain() + purge() + acceptLoss();
    }

    /** States of keys: 0 appended, 1 repeated, 2 no room. */
    private static String append() {
        return """
            CREATE FUNCTION herald.append(
              p_token uuid, p_entries int[], p_kinds int[], p_private boolean[], p_retries bigint[], p_ids text[],
              p_topics text[], p_types text[], p_data bytea[],
              p_key_entries int[], p_key_offsets int[], p_key_sizes int[], p_key_names bytea[], p_key_contents bytea[],
              p_key_seeds bytea[], p_key_made bigint[], p_lifetime interval, p_max_keys bigint,
              OUT through bigint, OUT keys bigint, OUT room interval, OUT key_states int[], OUT key_positions bigint[],
              OUT key_contents bytea[], OUT key_seeds bytea[], OUT key_made bigint[])
            LANGUAGE plpgsql AS $$
            DECLARE
              head herald.log%ROWTYPE;
              known herald.token%ROWTYPE;
              stored herald.key%ROWTYPE;
              at timestamptz;
              skipped int[] := '{}';
              removed int := 0;
              added bigint := 0;
              kept bigint := 0;
              all_bytes bigint := 0;
              swept boolean := false;
              expired bigint;
              state int;
            BEGIN
              SELECT * INTO STRICT head FROM herald.log FOR UPDATE;
              at := clock_timestamp();
              SELECT * INTO known FROM herald.token t WHERE t.token = p_token;
              key_states := '{}'; key_positions := '{}'; key_contents := '{}'; key_seeds := '{}'; key_made := '{}';
              FOR i IN 1 .. coalesce(cardinality(p_key_entries), 0) LOOP
                SELECT * INTO stored FROM herald.key k WHERE k.name = p_key_names[i]
                  AND k.accepted BETWEEN at - p_lifetime AND at + p_lifetime;
                IF known.token IS NOT NULL AND NOT p_key_entries[i] = ANY (known.skipped) THEN
                  -- Its key may have expired since then.
                  state := 0;
                ELSIF stored.name IS NOT NULL THEN
                  state := 1;
                ELSIF known.token IS NOT NULL THEN
                  state := 2;
                ELSE
                  IF head.keys >= p_max_keys AND NOT swept THEN
                    swept := true;
                    DELETE FROM herald.key k WHERE k.accepted NOT BETWEEN at - p_lifetime AND at + p_lifetime;
                    GET DIAGNOSTICS expired = ROW_COUNT;
                    head.keys := head.keys - expired;
                  END IF;
                  state := CASE WHEN head.keys >= p_max_keys THEN 2 ELSE 0 END;
                  IF state = 0 THEN
                    DELETE FROM herald.key k WHERE k.name = p_key_names[i];
                    IF NOT FOUND THEN
                      head.keys := head.keys + 1;
                    END IF;
                    INSERT INTO herald.key VALUES (p_key_names[i], p_key_contents[i], p_key_seeds[i],
                      head.position + 1 + p_key_offsets[i] - removed, p_key_made[i], at);
                  END IF;
                END IF;
                IF state <> 0 THEN
                  skipped := skipped || p_key_entries[i];
                  removed := removed + p_key_sizes[i];
                END IF;
                key_states := key_states || state;
                key_positions := key_positions || coalesce(stored.position, 0);
                key_contents := key_contents || coalesce(stored.content, ''::bytea);
                key_seeds := key_seeds || coalesce(stored.seed, ''::bytea);
                key_made := key_made || coalesce(stored.made, 0);
              END LOOP;
              IF 2 = ANY (key_states) THEN
                SELECT min(k.accepted) + p_lifetime - at INTO room FROM herald.key k;
              END IF;
              IF known.token IS NULL THEN
                WITH new AS (
                  INSERT INTO herald.event (position, kind, private, retry, id, topics, type, data)
                  SELECT head.position + row_number() OVER (ORDER BY n.i), n.kind, n.private, n.retry, n.id,
                    CASE WHEN n.topics = '' THEN '{}' ELSE string_to_array(n.topics, E'\\n') END, n.type, n.data
                  FROM unnest(p_entries, p_kinds, p_private, p_retries, p_ids, p_topics, p_types, p_data)
                    WITH ORDINALITY AS n(entry, kind, private, retry, id, topics, type, data, i)
                  WHERE NOT n.entry = ANY (skipped)
                  RETURNING kind, octet_length(data) + coalesce(octet_length(id), 0) + coalesce(octet_length(type), 0)
                    + octet_length(array_to_string(topics, '')) AS size)
                SELECT count(*), count(*) FILTER (WHERE kind = 0), coalesce(sum(size), 0)
                  INTO added, kept, all_bytes FROM new;
                head.events := head.events + kept;
                head.bytes := head.bytes + all_bytes;
                IF added > 0 THEN
                  INSERT INTO herald.batch VALUES (head.position + added, head.position + 1, p_token, at, all_bytes,
                    head.events, head.bytes);
                  INSERT INTO herald.token VALUES (p_token, head.position + 1, head.position + added, at, skipped);
                END IF;
                head.position := head.position + added;
                UPDATE herald.log SET position = head.position, events = head.events, bytes = head.bytes,
                  keys = head.keys;
              END IF;
              through := head.position;
              keys := head.keys;
            END $$;
            """;
    }

    /**
     * Removes the oldest batches beyond the limits, and what has expired. Entries of all kinds count, so that transient
     * events are bounded, too. Age does not remove the newest event. A step is bounded by entries and bytes, since it delays
     * the next append of this node.
     */
    private static String retain() {
        return """
            CREATE FUNCTION herald.retain(
              p_events bigint, p_bytes bigint, p_age interval, p_lifetime interval, p_step int,
              OUT more boolean, OUT keys bigint)
            LANGUAGE plpgsql AS $$
            DECLARE
              head herald.log%ROWTYPE;
              at timestamptz := clock_timestamp();
              oldest herald.batch%ROWTYPE;
              until bigint;
              expired bigint;
            BEGIN
              SELECT * INTO STRICT head FROM herald.log;
              more := false;
              keys := head.keys;
              IF NOT pg_try_advisory_xact_lock(hashtext('herald.retain')) THEN
                RETURN;
              END IF;
              SELECT * INTO oldest FROM herald.batch ORDER BY last LIMIT 1;
              SELECT max(o.last) INTO until FROM (SELECT * FROM herald.batch ORDER BY last LIMIT p_step / 10) o
                WHERE (o.last = oldest.last OR o.last - oldest.first < p_step
                    AND o.bytes_through - oldest.bytes_through + oldest.size < 64 << 20)
                  AND (head.position - o.last >= p_events OR head.bytes - o.bytes_through >= p_bytes
                    OR head.events > o.events_through AND o.accepted < at - p_age);
              IF until IS NOT NULL THEN
                DELETE FROM herald.event WHERE position <= until;
                DELETE FROM herald.batch WHERE last <= until;
                UPDATE herald.horizon SET position = until;
                more := true;
              END IF;
              DELETE FROM herald.token WHERE accepted NOT BETWEEN at - interval '15 minutes' AND at + interval '1 day';
              -- Whoever gives an order has locked its row before herald.log; appending locks keys after it.
              DELETE FROM herald.revocation d USING (SELECT r.kind, r.value FROM herald.revocation r
                WHERE r.until <= extract(epoch FROM at) * 1000 FOR UPDATE SKIP LOCKED) o
                WHERE d.kind = o.kind AND d.value = o.value;
              IF EXISTS (SELECT FROM herald.key k WHERE k.accepted NOT BETWEEN at - p_lifetime AND at + p_lifetime) THEN
                PERFORM 1 FROM herald.log FOR UPDATE;
                DELETE FROM herald.key d USING (SELECT k.name FROM herald.key k
                  WHERE k.accepted NOT BETWEEN at - p_lifetime AND at + p_lifetime LIMIT p_step) o
                  WHERE d.name = o.name;
                GET DIAGNOSTICS expired = ROW_COUNT;
                UPDATE herald.log l SET keys = l.keys - expired RETURNING l.keys INTO keys;
                more := more OR expired = p_step;
              END IF;
            END $$;
            """;
    }

    /**
     * For operators, after the database has lost updates: with another key, no cursor opens any more, so that whoever has
     * one is told of a gap, and no mirror with lost events is taken for one of this log.
     */
    private static String acceptLoss() {
        return """
            CREATE FUNCTION herald.accept_loss() RETURNS void LANGUAGE sql AS $$
              UPDATE herald.log SET cursor_key = decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
            $$;
            """;
    }

    /** A step of the oldest purge. A digest of a public event's id stays, so that clients can resume from it. */
    private static String purge() {
        return """
            CREATE FUNCTION herald.purge_step(p_step bigint) RETURNS boolean
            LANGUAGE plpgsql AS $$
            DECLARE
              next herald.purge%ROWTYPE;
              first bigint;
            BEGIN
              SELECT * INTO next FROM herald.purge ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED;
              IF next.position IS NULL THEN
                RETURN false;
              END IF;
              SELECT greatest(next.through, coalesce(min(position) - 1, next.position)) INTO first FROM herald.event;
              UPDATE herald.event e SET kind = 2, id = NULL, topics = '{}', type = NULL, retry = NULL,
                data = CASE WHEN e.private THEN ''::bytea
                  ELSE substring(sha256(convert_to(e.id, 'UTF8')) FROM 1 FOR 20) END
                WHERE e.position > first AND e.position <= least(first + p_step, next.position) AND e.kind = 0
                  AND CASE WHEN next.by_topic THEN next.name = ANY (e.topics) ELSE next.name = e.id END;
              IF first + p_step >= next.position THEN
                DELETE FROM herald.purge p WHERE p.position = next.position;
              ELSE
                UPDATE herald.purge p SET through = first + p_step WHERE p.position = next.position;
              END IF;
              RETURN true;
            END $$;
            """;
    }
}
