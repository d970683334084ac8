package dev.herald.event;

/** Rejection of an invalid input value. The message is a sentence for the sender. */
public final class InvalidFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field name of the field as the sender knows it
     * @param problem what is wrong and what would be right; follows the field's name in the message
     */
    public InvalidFieldException(String field, String problem) {
        super("'" + field + "' " + problem);
        this.field = field;
    }

    /** Name of the field as the sender knows it. */
    public String field() {
        return field;
    }
}
