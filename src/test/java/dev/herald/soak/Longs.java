package dev.herald.soak;

import java.util.Arrays;
import java.util.Objects;

/** Growing list of {@code long} values without boxing. Not thread-safe. */
final class Longs {
    private long[] values = new long[1 << 10];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** @param index from 0, below the size */
    long get(int index) {
        return values[Objects.checkIndex(index, size)];
    }

    /** Length of the common prefix of both. */
    int samePrefix(Longs other) {
        int different = Arrays.mismatch(values, 0, size, other.values, 0, other.size);
        return different < 0 ? size : different;
    }
}
