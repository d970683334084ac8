package dev.herald.log.sqlite.files;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over the fields of a row: the numbers, the lengths of the texts, and the texts. Stateless. */
public final class RowChecksum {
    private RowChecksum() {}

    /** Checksum of a row with a column for each field. */
    public static long of(long[] numbers, byte[]... texts) {
        ByteBuffer fixed = ByteBuffer.allocate(numbers.length * Long.BYTES + texts.length * Integer.BYTES);
        for (long number : numbers) {
            fixed.putLong(number);
        }
        return of(fixed, texts);
    }

    /** Checksum of a row of schema 1. */
    public static long ofBlock(
            long position, long accepted, long bytesBefore, int flags, byte[] id, byte[] topics, byte[] block) {
        ByteBuffer fixed = ByteBuffer.allocate(44)
                .putLong(position)
                .putLong(accepted)
                .putLong(bytesBefore)
                .putInt(flags);
        // Schema 1 had one more field, which was always empty.
        return of(fixed, id, topics, new byte[0], block);
    }

    private static long of(ByteBuffer fixed, byte[]... texts) {
        for (byte[] text : texts) {
            fixed.putInt(text.length);
        }
        CRC32C crc = new CRC32C();
        crc.update(fixed.flip());
        for (byte[] text : texts) {
            crc.update(text);
        }
        return crc.getValue();
    }
}
