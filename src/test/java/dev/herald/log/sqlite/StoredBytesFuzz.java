package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.log.sqlite.columns.StoredId;
import dev.herald.log.sqlite.columns.TopicsColumn;
import dev.herald.log.sqlite.files.HeadFile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Columns of the event table and the file of the head: what was written is read back, and what is damaged is found out.
 * Damaged database files are the subject of {@link CorruptionTest}.
 */
public final class StoredBytesFuzz implements FuzzTarget {
    private final TopicsColumn cached = new TopicsColumn();
    private final Path head;

    public StoredBytesFuzz() throws IOException {
        head = Files.createTempFile("head", "");
        head.toFile().deleteOnExit();
    }

    @Override
    public void run(FuzzInput input) throws IOException {
        int kind = input.number(16);
        byte[] bytes = input.rest();
        topics(bytes);
        id(new String(bytes, StandardCharsets.UTF_8));
        if (kind == 0) {
            // Few, since each is a file.
            Files.write(head, bytes);
            assertThat(HeadFile.read(head)).isEmpty();
        }
    }

    private void topics(byte[] utf8) {
        Optional<List<Topic>> topics = parsed(utf8);
        topics.ifPresent(all -> {
            String column = all.stream().map(Topic::name).collect(Collectors.joining("\n"));
            assertThat(parsed(column.getBytes(StandardCharsets.UTF_8))).contains(all);
            assertThat(cached.parse(utf8)).isEqualTo(all);
            assertThat(cached.parse(Arrays.copyOf(utf8, utf8.length))).isEqualTo(all);
        });
    }

    private static Optional<List<Topic>> parsed(byte[] utf8) {
        try {
            return Optional.of(TopicsColumn.topics(utf8));
        } catch (InvalidFieldException damaged) {
            return Optional.empty();
        }
    }

    private static void id(String text) {
        EventId id;
        try {
            id = new EventId(text);
        } catch (InvalidFieldException invalid) {
            return;
        }
        byte[] uuid = StoredId.uuid(id);
        byte[] stored = uuid.length > 0 ? uuid : text.getBytes(StandardCharsets.UTF_8);
        assertThat(StoredId.read(stored, uuid.length == 0)).isEqualTo(id);
    }
}
