package dev.herald.web.mercure;

import dev.herald.web.AnswerMemory;
import dev.herald.web.JsonAnswer;

/**
 * Document about active subscriptions.
 *
 * @param json UTF-8; must not be modified
 * @param tag version, see {@link EntityTag}
 * @param memory heap that the document occupies
 */
record SubscriptionDocument(byte[] json, String tag, DocumentMemory memory) implements JsonAnswer {
    @Override
    public AnswerMemory reservation() {
        return memory.answer();
    }
}
