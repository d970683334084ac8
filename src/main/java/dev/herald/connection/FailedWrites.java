package dev.herald.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import org.jboss.logging.Logger;

/**
 * Limits a failed write on an HTTP/2 connection to its stream. An answer that comes after the client has reset its stream
 * cannot be written (RFC 9113 §5.1). Quarkus REST writes answers without a handler of the result, for which Vert.x 4.5 takes
 * Netty's void promise. Its failure goes through the pipeline as an exception, and Vert.x closes the connection on any
 * exception, with all of its streams and without GOAWAY.
 *
 * <p>Stands before the handler of Vert.x. Belongs to the connection's event loop.
 */
final class FailedWrites extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(FailedWrites.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (concernsOneStream(cause)) {
            LOG.debugf("An answer was not written: its stream is closed. reason=%s", cause.getMessage());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /**
     * Netty rejects a frame of a stream that is closed by an unchecked exception, and ends one that waits for flow control by
     * an error of the stream. All else, such as an I/O error or a frame that is lost on the way, concerns the connection.
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
