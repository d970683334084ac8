package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * File beside the database with the position of the newest acknowledged event, written after each commit and before its
 * answers. The next start compares: if the database ends before that position, its write-ahead log was damaged or
 * removed. Used by the appender's thread. A write is one system call and waits for no disk.
 */
public final class HeadFile implements AutoCloseable {
    private static final int BYTES = 3 * Long.BYTES;

    private final FileChannel channel;
    private final long generation;

    private HeadFile(FileChannel channel, long generation) {
        this.channel = channel;
        this.generation = generation;
    }

    /** Creates the file for a new generation, and forces it to the disk, so that it survives a power failure. */
    public static HeadFile begin(Path path, long generation, long newest) throws IOException {
        OwnerOnly.createFile(path);
        HeadFile file = new HeadFile(FileChannel.open(path, StandardOpenOption.WRITE), generation);
        try {
            file.write(newest);
            file.channel.force(true);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Reads the head of the last run; empty if the file is missing or damaged. */
    public static Optional<Head> read(Path path) throws IOException {
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        byte[] content = Files.readAllBytes(path);
        if (content.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(content);
        Head head = new Head(fields.getLong(), fields.getLong());
        return fields.getLong() == checksum(head.generation, head.position) ? Optional.of(head) : Optional.empty();
    }

    /** Records that events up to the position, inclusive, will be acknowledged. */
    public void write(long position) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(BYTES)
                .putLong(generation)
                .putLong(position)
                .putLong(checksum(generation, position))
                .flip();
        while (content.hasRemaining()) {
            channel.write(content, content.position());
        }
    }

    /** Checksum of rows, so that its class is loaded before the first update (decision 130). */
    private static long checksum(long generation, long position) {
        return RowChecksum.of(new long[] {generation, position});
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * Newest acknowledged event.
     *
     * @param generation id of the generation that wrote it
     */
    public record Head(long generation, long position) {}
}
