package dev.herald.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class ChunkCacheTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ChunkCache frames = new ChunkCache(new PlainFrames(allocator));
    private final List<ByteBuf> written = new ArrayList<>();

    @AfterEach
    void allBuffersAreReleased() {
        frames.clear();
        written.forEach(ByteBuf::release);
        assertThat(allocator.metric().usedDirectMemory())
                .as("all references are released")
                .isZero();
    }

    private static Frame frame(String data) {
        return Frame.builder().data(data).build();
    }

    private static Frame large(String data) {
        return frame(data + "x".repeat(10_000));
    }

    /** Writes like an outlet. */
    private List<ByteBuf> write(List<Frame> batch) {
        List<ByteBuf> buffers =
                frames.chunks(batch, true).stream().map(SharedChunk::framed).toList();
        written.addAll(buffers);
        return buffers;
    }

    private static String text(ByteBuf buffer) {
        return buffer.toString(StandardCharsets.UTF_8);
    }

    @Test
    void severalFramesBecomeOneChunk() {
        List<ByteBuf> buffers = write(List.of(frame("1"), frame("käse")));

        assertThat(buffers).singleElement().satisfies(buffer -> {
            assertThat(text(buffer)).isEqualTo("16\r\ndata: 1\n\ndata: käse\n\n\r\n");
            assertThat(buffer.isDirect()).isTrue();
        });
    }

    @Test
    void contentExcludesTheChunkFraming() {
        ByteBuf content = frames.chunks(List.of(frame("1")), true).get(0).content();
        written.add(content);

        assertThat(text(content)).isEqualTo("data: 1\n\n");
    }

    @Test
    void readersOfTheSameFramesShareTheirMemory() {
        Frame one = frame("1");
        Frame two = frame("2");
        List<Frame> batch = List.of(one, two);

        ByteBuf first = write(batch).get(0);
        ByteBuf sameList = write(batch).get(0);
        write(List.of(two));
        ByteBuf sameFrames = write(List.of(one, two)).get(0);

        assertThat(sameList.memoryAddress()).isEqualTo(first.memoryAddress());
        assertThat(sameFrames.memoryAddress()).isEqualTo(first.memoryAddress());
    }

    @Test
    void readersHaveIndependentPositions() {
        List<Frame> batch = List.of(frame("1"));
        ByteBuf first = write(batch).get(0);
        ByteBuf second = write(batch).get(0);

        first.skipBytes(5);

        assertThat(text(second)).isEqualTo("9\r\ndata: 1\n\n\r\n");
    }

    @Test
    void framesAreSharedByIdentityAndNotByEquality() {
        ByteBuf first = write(List.of(frame("1"))).get(0);
        ByteBuf second = write(List.of(frame("1"))).get(0);

        assertThat(second.memoryAddress()).isNotEqualTo(first.memoryAddress());
    }

    @Test
    void largeFrameIsSharedAcrossDifferentBatches() {
        Frame shared = large("shared");

        List<ByteBuf> some = write(List.of(frame("1"), frame("2"), shared, frame("3")));
        List<ByteBuf> others = write(List.of(shared, large("other")));

        assertThat(some).hasSize(3);
        assertThat(text(some.get(0))).isEqualTo("12\r\ndata: 1\n\ndata: 2\n\n\r\n");
        assertThat(text(some.get(1))).contains("data: shared");
        assertThat(text(some.get(2))).contains("data: 3");
        assertThat(others).hasSize(2);
        assertThat(others.get(0).memoryAddress()).isEqualTo(some.get(1).memoryAddress());
    }

    @Test
    void cachedMemoryIsBounded() {
        IntStream.range(0, 1_000).forEach(i -> frames.chunks(List.of(large("" + i)), true));
        assertThat(allocator.metric().usedDirectMemory()).isLessThan((1 << 20) + 2 * 10_100);

        IntStream.range(0, 10_000).forEach(i -> frames.chunks(List.of(frame("" + i)), true));
        assertThat(allocator.metric().usedDirectMemory()).isLessThan(257 * 50);
    }

    /** A chunk retains its frames in the heap, and may be a hundredth of their size. */
    @Test
    void compressedChunksAreBoundedByTheFramesTheyRetain() {
        ChunkCache compressed = new ChunkCache(new GzipFrames(allocator));
        List<List<Frame>> batches = IntStream.range(0, 100)
                .mapToObj(i -> List.of(frame(i + "x".repeat(60_000))))
                .toList();
        List<SharedChunk> first = batches.stream()
                .map(batch -> compressed.chunks(batch, true).get(0))
                .toList();

        SharedChunk newestAgain = compressed.chunks(batches.get(99), true).get(0);
        SharedChunk oldAgain = compressed.chunks(batches.get(70), true).get(0);

        assertThat(newestAgain).isSameAs(first.get(99));
        assertThat(oldAgain).isNotSameAs(first.get(70));
        compressed.clear();
    }

    @Test
    void batchLargerThanTheCacheIsComplete() {
        Frame huge = frame("x".repeat(900_000));
        List<Frame> batch = List.of(frame("1"), huge, frame("2"), frame("y".repeat(900_000)), frame("3"));

        List<ByteBuf> buffers = write(batch);

        assertThat(buffers).hasSize(5).allMatch(ByteBuf::isReadable);
        assertThat(text(buffers.get(0))).isEqualTo("9\r\ndata: 1\n\n\r\n");
        assertThat(text(buffers.get(4))).isEqualTo("9\r\ndata: 3\n\n\r\n");
    }

    @Test
    void pendingBuffersSurviveAClearedCache() {
        ByteBuf waiting = write(List.of(frame("1"))).get(0);

        frames.clear();

        assertThat(text(waiting)).isEqualTo("9\r\ndata: 1\n\n\r\n");
    }
}
