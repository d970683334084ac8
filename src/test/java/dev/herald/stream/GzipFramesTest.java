package dev.herald.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Frame;
import dev.herald.event.Frames;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that shared compressed frames form one gzip stream for the JDK. Each write is readable once its last byte
 * arrives (PROTOCOL E14). That is verified with an inflater that returns data on arrival, like zlib, and with one that
 * returns a block only at the flush point after it, like Go's.
 */
class GzipFramesTest {
    /** Empty stored block, without the three bits before its first byte boundary (RFC 1951 §3.2.4). */
    private static final byte[] FLUSH_POINT = {0, 0, -1, -1};

    private static final int HEAD_BYTES = 10;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ChunkCache frames = new ChunkCache(new GzipFrames(allocator));
    private GzipMember member;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringBuilder expected = new StringBuilder();
    private Inflater inflater;
    private int inflated;
    private final StringBuilder read = new StringBuilder();

    @AfterEach
    @AfterTry
    void allBuffersAreReleased() {
        frames.clear();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        out.reset();
        expected.setLength(0);
        inflater.end();
        read.setLength(0);
    }

    @BeforeEach
    @BeforeTry
    void begin() {
        member = new GzipMember();
        out.writeBytes(member.head());
        inflater = new Inflater(true);
        inflated = HEAD_BYTES;
    }

    /** Frames of one write. */
    record Write(List<Integer> sizes, boolean shared) {}

    @Provide
    static Arbitrary<List<Write>> writes() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 2_000)),
                Tuple.of(1, Arbitraries.integers().between(60_000, 140_000)));
        return Combinators.combine(sizes.list().ofMinSize(1).ofMaxSize(5), Arbitraries.of(true, false))
                .as(Write::new)
                .list()
                .ofMaxSize(8);
    }

    private static Frame frame(int size, Random random) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < size; i++) {
            data.append((char) ('a' + random.nextInt(1 + i % 16)));
        }
        return Frame.builder().data(data.toString()).build();
    }

    /** Writes like an outlet, and returns the number of bytes to send. */
    private int write(List<Frame> batch, boolean shared) {
        int before = out.size();
        for (SharedChunk chunk : frames.chunks(batch, shared)) {
            member.chunkWritten(chunk);
            ByteBuf content = chunk.content();
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes).release();
            out.writeBytes(bytes);
            assertThat(Arrays.copyOfRange(bytes, bytes.length - FLUSH_POINT.length, bytes.length))
                    .as("the end of a chunk of %d frames, shared: %s", batch.size(), shared)
                    .isEqualTo(FLUSH_POINT);
        }
        batch.forEach(expected::append);
        return out.size() - before;
    }

    private String unzipped() throws IOException {
        out.writeBytes(member.trailer());
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Text readable before the end, by an inflater fed byte by byte, which continues after the previous call. */
    private String unzippedSoFar() throws DataFormatException {
        byte[] sent = out.toByteArray();
        byte[] part = new byte[expected.length() - read.length() + 1];
        int length = 0;
        for (; inflated < sent.length; inflated++) {
            inflater.setInput(sent, inflated, 1);
            length += inflater.inflate(part, length, part.length - length);
        }
        return read.append(new String(part, 0, length, StandardCharsets.US_ASCII))
                .toString();
    }

    @Property(tries = 200)
    void e14RandomWritesAreDecompressibleAfterEachWrite(@ForAll("writes") List<Write> writes, @ForAll long seed)
            throws IOException, DataFormatException {
        Random random = new Random(seed);
        for (Write write : writes) {
            write(write.sizes.stream().map(size -> frame(size, random)).toList(), write.shared);
            assertThat(unzippedSoFar().contentEquals(expected))
                    .as("%s so far", writes)
                    .isTrue();
        }

        assertThat(unzipped().contentEquals(expected)).as("%s", writes).isTrue();
    }

    @Test
    void streamWithoutEventsIsValidGzip() throws IOException {

        assertThat(unzipped()).isEmpty();
    }

    @Test
    void sharedFramesAreCompressedAndOthersAreStored() throws IOException {
        Frame json = Frame.builder()
                .data("{\"a\":\"%s\"}".formatted("word ".repeat(400)))
                .build();
        Frame small = Frame.builder().data("1").build();

        assertThat(write(List.of(json), true)).isLessThan(json.size() / 10);
        assertThat(write(List.of(small, json, small), true)).isLessThan(json.size() / 10);
        assertThat(write(List.of(small), true)).isEqualTo(small.size() + 10);
        assertThat(write(List.of(Frames.of(json.toString().getBytes(StandardCharsets.UTF_8))), false))
                .isEqualTo(json.size() + 10);
        assertThat(unzipped()).isEqualTo(expected.toString());
    }

    @Test
    void incompressibleFrameIsStored() throws IOException {
        byte[] noise = new byte[20_000];
        new Random(1).nextBytes(noise);
        Frame frame = Frames.of(noise);

        assertThat(write(List.of(frame), true)).isEqualTo(frame.size() + 10);
    }

    @Test
    void frameIsCompressedOnceAcrossDifferentBatches() {
        Frame json = frame(5_000, new Random(1));
        List<Frame> first = List.of(frame(10, new Random(2)), json);
        List<Frame> second = List.of(json, frame(10, new Random(3)));

        SharedChunk one = frames.chunks(first, true).get(1);
        SharedChunk other = frames.chunks(second, true).get(0);

        assertThat(other).isSameAs(one);
    }

    @Property
    void joinedChecksumsEqualTheChecksumOfTheWhole(@ForAll byte[] first, @ForAll byte[] second) {
        CRC32 whole = new CRC32();
        whole.update(first);
        whole.update(second);

        int combined = Crc32.combine(
                Crc32.of(ByteBuffer.wrap(first)), Crc32.of(ByteBuffer.wrap(second)), Crc32.shift(second.length));

        assertThat(combined).isEqualTo((int) whole.getValue());
    }
}
