package dev.herald.event;

import java.util.List;

/**
 * Acknowledgement of a batch of updates.
 *
 * @param ids ids of the events, in the order of the updates
 * @param repeated whether the batch was appended earlier, under the same key, and nothing was appended now
 */
public record Receipt(List<EventId> ids, boolean repeated) {
    public Receipt {
        ids = List.copyOf(ids);
    }
}
