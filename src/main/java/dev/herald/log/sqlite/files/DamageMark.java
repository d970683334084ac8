package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Content of the marker file of a damaged database: when and how the damage was found. Stateless. */
public final class DamageMark {
    /** Most bytes that are read. */
    private static final int MAX_BYTES = 1_000;

    private DamageMark() {}

    /** Writes the mark; one that is there stays as it is. */
    public static void write(Path mark, String reason) throws IOException {
        if (Files.notExists(mark)) {
            OwnerOnly.createNewFile(mark);
            Files.writeString(mark, Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + reason + "\n");
        }
    }

    /** The content on one line; an earlier Herald wrote none. */
    public static String read(Path mark) throws IOException {
        try (InputStream in = Files.newInputStream(mark)) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return text.isBlank() ? "found while the hub ran" : text.strip().replaceAll("\\R", " ");
        }
    }
}
