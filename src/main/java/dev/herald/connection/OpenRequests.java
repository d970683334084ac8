package dev.herald.connection;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AttributeKey;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * Memory reservations for the open requests of one HTTP/2 connection: those not answered, and those whose response the
 * client has not read. A connection has thousands of them, and the client controls the flow (RFC 9113 §5.2). Belongs to
 * the connection's event loop.
 */
public final class OpenRequests {
    private static final AttributeKey<OpenRequests> KEY = AttributeKey.valueOf(OpenRequests.class.getName());

    /** Estimated size of a request, its response and a problem document, in bytes. */
    private static final long REQUEST_BYTES = 5_000;

    private static final long FIELD_BYTES = 150;

    private final MemoryBudget budget;

    /** Reservations by stream number. */
    private final IntObjectMap<Reservation> reservations = new IntObjectHashMap<>();

    OpenRequests(MemoryBudget budget) {
        this.budget = budget;
    }

    static OpenRequests of(Channel connection, MemoryBudget budget) {
        OpenRequests requests = new OpenRequests(budget);
        connection.attr(KEY).set(requests);
        return requests;
    }

    /** Reserves memory for a request. Returns false if the node has none left. */
    boolean open(int stream, Http2Headers headers) {
        Reservation reservation = new Reservation(budget);
        if (!reservation.grow(heapBytes(headers))) {
            return false;
        }
        reservations.put(stream, reservation);
        return true;
    }

    private static long heapBytes(Http2Headers headers) {
        long bytes = REQUEST_BYTES;
        for (var field : headers) {
            bytes += FIELD_BYTES + field.getKey().length() + field.getValue().length();
        }
        return bytes;
    }

    /** Releases the memory of a request, if it has any. */
    void close(int stream) {
        Reservation reservation = reservations.remove(stream);
        if (reservation != null) {
            reservation.close();
        }
    }

    /** Releases the memory of a request that has become an event stream, which has its own budget. */
    public static void close(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            OpenRequests requests = connection.channel().attr(KEY).get();
            if (requests != null) {
                requests.close(request.response().streamId());
            }
        }
    }
}
