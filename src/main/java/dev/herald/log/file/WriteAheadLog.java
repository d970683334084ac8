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
 * @param present whether there is one; not when the log was closed in good order
 * @param mostEvents more than were ever in it, lost ones included
 * @param damaged whether commits were in it that SQLite will not find
 */
record WriteAheadLog(boolean present, long mostEvents, boolean damaged) {
    /** After a good end. */
    static final WriteAheadLog NONE = new WriteAheadLog(false, 0, false);

    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int MAX_PAGE_BYTES = 65_536;
    private static final int INDEX_HEADER_BYTES = 48;

    /** More than the log is ever let grow to; bounds what a damaged index can claim. */
    private static final long MAX_FRAMES = 1 << 24;

    /** For events of which no trace is left: positions are not scarce. */
    private static final long ROOM = 1 << 20;

    /** Reads the file once, from its beginning to its end. */
    static WriteAheadLog inspect(Path database) throws IOException {
        Path file = LogDirectory.writeAheadLog(database);
        if (Files.notExists(file)) {
            return NONE;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer index = index(LogDirectory.sharedMemory(database));
            // An event takes more than a byte, of the file or of what was cut off.
            long mostEvents = ROOM + channel.size() + frames(index) * MAX_PAGE_BYTES;
            return new WriteAheadLog(true, mostEvents, new Frames(channel).damaged(index));
        }
    }

    /** The beginning of the index, which stands there twice; zeros if it is missing, or the two do not agree. */
    private static ByteBuffer index(Path sharedMemory) throws IOException {
        ByteBuffer copies = ByteBuffer.allocate(2 * INDEX_HEADER_BYTES);
        if (Files.exists(sharedMemory)) {
            try (FileChannel channel = FileChannel.open(sharedMemory)) {
                channel.read(copies, 0);
            }
        }
        ByteBuffer first = copies.slice(0, INDEX_HEADER_BYTES);
        boolean sound = first.equals(copies.slice(INDEX_HEADER_BYTES, INDEX_HEADER_BYTES));
        return sound ? first : ByteBuffer.allocate(INDEX_HEADER_BYTES);
    }

    /** How many frames were committed when the process ended, as far as the index is left. */
    private static long frames(ByteBuffer index) {
        int frames = index.duplicate().order(ByteOrder.nativeOrder()).getInt(16);
        return Math.min(Integer.toUnsignedLong(frames), MAX_FRAMES);
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

        boolean damaged(ByteBuffer index) throws IOException {
            if (!soundHeader()) {
                return channel.size() > HEADER_BYTES || frames(index) > 0;
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
            return committed < committedBefore(index)
                    || commitsIn(sound, frames, frameBytes)
                            && !interrupted(index, committed, sound, frames, frameBytes);
        }

        /**
         * Whether all that is unsound is the one commit during which the process was killed. SQLite writes a frame's header,
         * its page, and only then to the index that it is committed: so the index is of this generation and knows of
         * nothing more, and the commit is the last frame there is.
         */
        private boolean interrupted(ByteBuffer index, long committed, long sound, long frames, int frameBytes)
                throws IOException {
            if (!isOfThisGeneration(index) || frames(index) != committed) {
                return false;
            }
            long last = sound;
            while (last < frames && !commits(frameHeader(last, frameBytes))) {
                last++;
            }
            return last + 1 >= frames || !isOfThisGeneration(frameHeader(last + 1, frameBytes), 8);
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
            if (!isOfThisGeneration(frame, 8)) {
                return false;
            }
            add(frame, 0, 8);
            add(frame, FRAME_HEADER_BYTES, frame.limit() - FRAME_HEADER_BYTES);
            return frame.getInt(16) == sum1 && frame.getInt(20) == sum2;
        }

        /** Whether frames of this generation of the file commit something; what an older one left has other salts. */
        private boolean commitsIn(long first, long end, int frameBytes) throws IOException {
            for (long i = first; i < end; i++) {
                ByteBuffer frame = frameHeader(i, frameBytes);
                if ((frame.getInt(8) == salt1 || frame.getInt(12) == salt2) && commits(frame)) {
                    return true;
                }
            }
            return false;
        }

        private ByteBuffer frameHeader(long number, int frameBytes) throws IOException {
            return read(HEADER_BYTES + number * frameBytes, FRAME_HEADER_BYTES);
        }

        private static boolean commits(ByteBuffer frame) {
            return frame.getInt(4) != 0;
        }

        /** By the index, unless it is of an older generation. */
        private long committedBefore(ByteBuffer index) {
            return isOfThisGeneration(index) ? frames(index) : 0;
        }

        private boolean isOfThisGeneration(ByteBuffer index) {
            return isOfThisGeneration(index, 32);
        }

        /** Whether the two salts that stand at an offset are this file's. */
        private boolean isOfThisGeneration(ByteBuffer bytes, int offset) {
            return bytes.getInt(offset) == salt1 && bytes.getInt(offset + 4) == salt2;
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
