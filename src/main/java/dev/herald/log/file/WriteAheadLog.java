package dev.herald.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a crash left in the write-ahead log, looked at before SQLite does. SQLite takes the commits up to the first frame
 * that is not sound and says nothing of those behind it; this tells whether there were any. The format is that of
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log and, for the index, https://www.sqlite.org/walformat.html.
 *
 * @param bytes length of the file, 0 when the log was closed in good order
 * @param damaged whether commits were in it that SQLite will not find
 */
record WriteAheadLog(long bytes, boolean damaged) {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int MAX_PAGE_BYTES = 65_536;
    private static final int INDEX_HEADER_BYTES = 48;

    /** Reads the file once, from its beginning to its end. */
    static WriteAheadLog inspect(Path database) throws IOException {
        Path file = LogDirectory.writeAheadLog(database);
        if (Files.notExists(file) || Files.size(file) == 0) {
            return new WriteAheadLog(0, false);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return new WriteAheadLog(channel.size(), new Frames(channel).damaged(LogDirectory.sharedMemory(database)));
        }
    }

    /** The frames of one file, in order. */
    private static final class Frames {
        private final FileChannel channel;
        private final ByteBuffer header;
        private final int salt1;
        private final int salt2;
        private int sum1;
        private int sum2;

        Frames(FileChannel channel) throws IOException {
            this.channel = channel;
            this.header = read(0, HEADER_BYTES);
            boolean whole = header.limit() == HEADER_BYTES;
            this.salt1 = whole ? header.getInt(16) : 0;
            this.salt2 = whole ? header.getInt(20) : 0;
        }

        boolean damaged(Path sharedMemory) throws IOException {
            if (!soundHeader()) {
                return channel.size() > HEADER_BYTES;
            }
            int pageBytes = header.getInt(8);
            int frameBytes = FRAME_HEADER_BYTES + pageBytes;
            long frames = (channel.size() - HEADER_BYTES) / frameBytes;
            long sound = 0;
            long committed = 0;
            for (; sound < frames; sound++) {
                ByteBuffer frame = read(HEADER_BYTES + sound * frameBytes, frameBytes);
                if (!sound(frame)) {
                    break;
                }
                if (commits(frame)) {
                    committed = sound + 1;
                }
            }
            return commitsIn(sound, frames, frameBytes) || committed < committedBefore(sharedMemory);
        }

        private boolean soundHeader() {
            if (header.limit() < HEADER_BYTES || (header.getInt(0) & ~1) != MAGIC) {
                return false;
            }
            int pageBytes = header.getInt(8);
            add(header, 0, 24);
            return pageBytes > 0
                    && pageBytes <= MAX_PAGE_BYTES
                    && header.getInt(24) == sum1
                    && header.getInt(28) == sum2;
        }

        private boolean sound(ByteBuffer frame) {
            if (frame.getInt(8) != salt1 || frame.getInt(12) != salt2) {
                return false;
            }
            add(frame, 0, 8);
            add(frame, FRAME_HEADER_BYTES, frame.limit() - FRAME_HEADER_BYTES);
            return frame.getInt(16) == sum1 && frame.getInt(20) == sum2;
        }

        /** Whether frames of this generation of the file commit something; what an older one left has other salts. */
        private boolean commitsIn(long first, long end, int frameBytes) throws IOException {
            for (long i = first; i < end; i++) {
                ByteBuffer frame = read(HEADER_BYTES + i * frameBytes, FRAME_HEADER_BYTES);
                if ((frame.getInt(8) == salt1 || frame.getInt(12) == salt2) && commits(frame)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean commits(ByteBuffer frame) {
            return frame.getInt(4) != 0;
        }

        /** How many frames were committed when the process ended, as far as the index of this generation is left. */
        private long committedBefore(Path sharedMemory) throws IOException {
            if (Files.notExists(sharedMemory) || Files.size(sharedMemory) < INDEX_HEADER_BYTES) {
                return 0;
            }
            try (FileChannel index = FileChannel.open(sharedMemory)) {
                ByteBuffer bytes = ByteBuffer.allocate(INDEX_HEADER_BYTES);
                index.read(bytes, 0);
                boolean sameGeneration = bytes.getInt(32) == salt1 && bytes.getInt(36) == salt2;
                return sameGeneration ? bytes.order(ByteOrder.nativeOrder()).getInt(16) : 0;
            }
        }

        private void add(ByteBuffer bytes, int offset, int length) {
            ByteBuffer words = bytes.duplicate()
                    .order((header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            for (int i = offset; i < offset + length; i += 8) {
                sum1 += words.getInt(i) + sum2;
                sum2 += words.getInt(i + 4) + sum1;
            }
        }

        private ByteBuffer read(long position, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
                // A read may stop anywhere.
            }
            return bytes.flip();
        }
    }
}
