package dev.herald.stream;

import java.util.List;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.VoidChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.event.Frame;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of a stream when direct memory is exhausted. */
class RawHttp1OutletTest {
    private static final String NO_MEMORY = "A stream was cut off, since there is no memory left for its data.";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.stream");

    private final Scarce allocator = new Scarce();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** Allocator that fails once it is exhausted. */
    private static final class Scarce extends AbstractByteBufAllocator {
        private final UnpooledByteBufAllocator source = new UnpooledByteBufAllocator(true);
        private boolean empty;

        Scarce() {
            super(true);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return source.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (empty) {
                throw new OutOfMemoryError("Injected error.");
            }
            return source.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        long used() {
            return source.metric().usedDirectMemory();
        }
    }

    @AfterEach
    void allBuffersAreReleased() {
        channel.releaseOutbound();
        channel.close();
        assertThat(allocator.used()).isZero();
    }

    private RawHttp1Outlet outlet(ContentCoding coding) {
        channel.config().setAllocator(allocator);
        RawHttp1Outlet outlet = new RawHttp1Outlet(
                new ChunkCache(coding.coder(allocator)),
                coding.stream(),
                new SocketBudget(),
                new StreamStats(),
                (VoidChannelPromise) channel.voidPromise());
        channel.pipeline().addLast(outlet);
        return outlet;
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void streamIsClosedWhenItsEndCannotBeAllocated(ContentCoding coding) {
        logged.expect(NO_MEMORY);
        RawHttp1Outlet outlet = outlet(coding);
        allocator.empty = true;

        outlet.close();

        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void streamIsClosedWhenAnEventCannotBeAllocated(ContentCoding coding) {
        logged.expect(NO_MEMORY);
        RawHttp1Outlet outlet = outlet(coding);
        allocator.empty = true;

        outlet.write(List.of(Frame.builder().data("1").build()), false);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothingIsWrittenAfterTheEnd() {
        RawHttp1Outlet outlet = outlet(ContentCoding.GZIP);
        outlet.close();
        channel.releaseOutbound();

        outlet.close();
        outlet.write(List.of(Frame.builder().data("1").build()), false);

        assertThat(channel.outboundMessages()).isEmpty();
    }
}
