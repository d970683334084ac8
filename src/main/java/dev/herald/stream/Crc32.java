package dev.herald.stream;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Combinable CRC-32 of gzip (RFC 1952 §8): the checksum of a shared chunk is computed once for all streams. A checksum
 * is a polynomial over GF(2), its highest bit the coefficient of x⁰.
 */
final class Crc32 {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8 = ONE >>> 8;

    private Crc32() {}

    /** Checksum of the remaining bytes, which it consumes. */
    static int of(ByteBuffer bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /**
     * Factor that shifts a checksum by the number of bytes that follow.
     *
     * @param bytes 0 or more
     */
    static int shift(long bytes) {
        int shift = ONE;
        int power = X_TO_THE_8;
        for (long rest = bytes; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                shift = multiply(shift, power);
            }
            power = multiply(power, power);
        }
        return shift;
    }

    /**
     * Checksum of the concatenation of two parts.
     *
     * @param shift {@link #shift} of the second part's length
     */
    static int combine(int sum, int next, int shift) {
        return multiply(sum, shift) ^ next;
    }

    private static int multiply(int left, int right) {
        int product = 0;
        int shifted = right;
        for (int rest = left; rest != 0; rest <<= 1) {
            product ^= rest < 0 ? shifted : 0;
            shifted = shifted >>> 1 ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
