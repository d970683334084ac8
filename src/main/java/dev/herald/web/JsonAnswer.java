package dev.herald.web;

/** JSON document as the body of an answer, in memory that is reserved until the client has received it. */
public interface JsonAnswer {
    /** The document in UTF-8; must not be modified. */
    byte[] json();

    /** Reservation of the memory that it occupies. */
    AnswerMemory reservation();
}
