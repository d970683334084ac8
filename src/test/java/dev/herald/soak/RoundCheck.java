package dev.herald.soak;

import java.util.List;

import dev.herald.soak.Ledger.Sent;

/** Check of each round: the log against the attempts, and the deliveries of each subscriber against the log. */
final class RoundCheck {
    private final List<Receiver> receivers;
    private final long retained;
    private final Tally tally;
    private final Faults faults;
    private final OrderCheck orderCheck;
    private final Longs order = new Longs();
    private List<Stored> earlier = List.of();

    /** @param retained number of events that the log retains, or {@link RoundLog#EVERYTHING} */
    RoundCheck(List<Receiver> receivers, long retained, Tally tally, Faults faults) {
        this.receivers = receivers;
        this.retained = retained;
        this.tally = tally;
        this.faults = faults;
        this.orderCheck = new OrderCheck(faults);
    }

    /**
     * Reports each fault.
     *
     * @param round the log's events of the round
     * @param arrivals those of each receiver
     */
    void check(List<Sent> sent, List<Stored> round, List<List<Arrival>> arrivals) {
        round.forEach(event -> order.add(event.attempt()));
        orderCheck.compare(sent, round);
        RoundLog log = new RoundLog(earlier, round, sent, retained);
        tally.count(Tally.Seen.REPEATED_ID, log.repeatedIds());
        for (int i = 0; i < receivers.size(); i++) {
            check(receivers.get(i), log, arrivals.get(i));
        }
        earlier = log.newest();
    }

    private void check(Receiver receiver, RoundLog log, List<Arrival> arrivals) {
        Kind kind = receiver.kind();
        boolean gapsAllowed = retained != RoundLog.EVERYTHING && kind != Kind.WITNESS;
        new DeliveryCheck(kind.name(), gapsAllowed, receiver.view(log), tally, faults).compare(arrivals);
        tally.count(Tally.Seen.WITHHELD, receiver.denied(log));
    }

    /** Attempts of all rounds, in the log's order. */
    Longs order() {
        return order;
    }
}
