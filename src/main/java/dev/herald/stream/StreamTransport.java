package dev.herald.stream;

/**
 * Transport of a stream: who writes its bytes to the socket, and their content coding. Selected once a request, before
 * the head, which announces both.
 *
 * @param takesOver whether the stream takes over the connection and writes below HTTP (decision 060); if not, it writes
 *     through the response. A stream that takes over releases the request's objects.
 * @param coding content coding of all bytes of the stream
 */
public record StreamTransport(boolean takesOver, ContentCoding coding) {}
