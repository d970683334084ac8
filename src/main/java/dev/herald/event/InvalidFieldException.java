package dev.herald.event;

/** A value from outside that its field cannot hold. The message is a sentence for the person who sent it. */
public final class InvalidFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the name of the field as the sender knows it
     * @param problem what is wrong and what would be right; follows the field's name in the message
     */
    public InvalidFieldException(String field, String problem) {
        super("'" + field + "' " + problem);
        this.field = field;
    }

    /** The name of the field as the sender knows it. */
    public String field() {
        return field;
    }
}
