package dev.herald.connection;

import java.util.function.BiConsumer;

import io.vertx.core.http.HttpServerRequest;

/** Writer of responses to requests that are rejected before they reach a resource. Thread-safe. */
public interface RejectedRequests {

    /**
     * Answers and ends the response; the caller closes the connection. Called on the request's loop.
     *
     * @param request the request; only its head may be used, which may be incomplete
     * @param status HTTP status, 4xx or 5xx
     * @param detail what is wrong, for a person; contains no client input
     */
    void answer(HttpServerRequest request, int status, String detail);

    /**
     * Counts and reports a rejection whose response the caller writes.
     *
     * @param method method of the request
     * @param status HTTP status, 4xx or 5xx; 503 for a stream that was refused without one
     */
    void record(CharSequence method, int status);

    /** Problem document that describes a rejection, in UTF-8, with a media type among the headers of {@link #describe}. */
    byte[] document(int status, String detail);

    /**
     * Gives the headers of every rejection: the media type of the document, and those by which a page may read it.
     *
     * @param origin header {@code Origin} of the request; null without one
     * @param header takes a header's name and value
     */
    void describe(CharSequence origin, BiConsumer<CharSequence, CharSequence> header);
}
