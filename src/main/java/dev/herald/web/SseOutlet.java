package dev.herald.web;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.event.Frame;
import dev.herald.hub.Outlet;

/**
 * The plain way to the socket: {@code HttpServerResponse.write}, which does for HTTP/1.0, HTTP/1.1 and HTTP/2, in clear
 * text and over TLS. The frames' bytes are shared, not copied, up to the socket; what several frames of one turn have in
 * common is one write. Belongs to the connection's event loop.
 */
final class SseOutlet implements Outlet {
    /**
     * Bytes that may wait in memory for one connection before it counts as not writable. Two ordinary turns of a lane:
     * enough to keep a socket busy, little enough for thousands of slow readers.
     */
    private static final int HIGH_WATER_BYTES = 128 << 10;

    private final HttpServerResponse response;
    private final Runnable whenClosed;

    /**
     * @param response its head must have been written
     * @param whenClosed called when the hub ends the stream, to end the response
     */
    SseOutlet(HttpServerResponse response, Runnable whenClosed) {
        this.response = response;
        this.whenClosed = whenClosed;
        response.setWriteQueueMaxSize(HIGH_WATER_BYTES);
    }

    @Override
    public void write(List<Frame> frames) {
        if (gone()) {
            return;
        }
        ByteBuf[] parts = new ByteBuf[frames.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Unpooled.wrappedBuffer(frames.get(i).bytes());
        }
        // A failed write is a lost connection: the close handler tells the lane.
        response.write(BufferImpl.buffer(Unpooled.wrappedBuffer(parts.length, parts)));
    }

    @Override
    public boolean writable() {
        return !gone() && !response.writeQueueFull();
    }

    @Override
    public void close() {
        if (!gone()) {
            whenClosed.run();
        }
    }

    private boolean gone() {
        return response.ended() || response.closed();
    }
}
