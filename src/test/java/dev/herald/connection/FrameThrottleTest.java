package dev.herald.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that a client beyond its budget is paused in the middle of a read and resumed there. */
class FrameThrottleTest {
    private static final int READ_BYTES = 65_536;

    private final FrameBudget budget = new FrameBudget(100, 100_000, System::nanoTime);
    private final FrameThrottle throttle = new FrameThrottle(budget);
    private final StringBuilder received = new StringBuilder();

    /** Treats each byte as a frame. */
    private final EmbeddedChannel channel = new EmbeddedChannel(throttle, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            received.append(bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
            for (int i = 0; i < bytes.readableBytes(); i++) {
                throttle.charge();
            }
            bytes.release();
        }
    });

    @Test
    void pausesInTheMiddleOfAReadAndResumes() {
        String sent = "abcdefgh".repeat(READ_BYTES / 8);

        channel.writeInbound(Unpooled.copiedBuffer(sent, java.nio.charset.StandardCharsets.ISO_8859_1));

        assertThat(received.length()).isLessThan(READ_BYTES);
        assertThat(channel.config().isAutoRead()).isFalse();
        eventually().until(() -> {
            channel.runScheduledPendingTasks();
            return channel.config().isAutoRead();
        });
        assertThat(received).hasToString(sent);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void releasesPendingBytesWhenTheConnectionCloses() {
        ByteBuf read = Unpooled.buffer(READ_BYTES).writerIndex(READ_BYTES);

        channel.writeInbound(read);
        channel.close();

        assertThat(read.refCnt()).isZero();
    }
}
