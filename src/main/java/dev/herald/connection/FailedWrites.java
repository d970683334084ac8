package dev.herald.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import org.jboss.logging.Logger;

/**
 * Handler that confines a failed write on an HTTP/2 connection to its stream. A response cannot be written after the
 * client has reset its stream (RFC 9113 §5.1). Quarkus REST writes responses without a result handler, for which Vert.x
 * 4.5 uses Netty's void promise. Its failure is fired through the pipeline as an exception. On any exception, Vert.x
 * closes the connection with all of its streams, and without GOAWAY.
 *
 * <p>Its place is before the handler of Vert.x. Belongs to the connection's event loop.
 */
final class FailedWrites extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(FailedWrites.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (concernsOneStream(cause)) {
            LOG.debugf("A response was not written: its stream is closed. reason=%s", cause.getMessage());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /**
     * Netty rejects a frame of a closed stream with an unchecked exception, and fails one that waits for flow control
     * with a stream error. All other failures, such as I/O errors, concern the connection.
     */
    private static boolean concernsOneStream(Throwable cause) {
        return isRejectedFrame(cause) || Http2Exception.isStreamError(Http2CodecUtil.getEmbeddedHttp2Exception(cause));
    }

    private static boolean isRejectedFrame(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException)
                && stack.length > 0
                && stack[0].getClassName().equals(DefaultHttp2ConnectionEncoder.class.getName());
    }
}
