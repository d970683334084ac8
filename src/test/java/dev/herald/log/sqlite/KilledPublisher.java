package dev.herald.log.sqlite;

import java.nio.file.Path;

import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;

import static dev.herald.Patience.done;

/** Program that publishes from several threads until it is killed, and prints position and id of each event. */
final class KilledPublisher {
    private static final int THREADS = 4;
    private static final String PADDING = "x".repeat(300);

    private KilledPublisher() {}

    public static void main(String[] args) {
        EventLog log = Logs.open(Path.of(args[0]), Retention.of(Long.parseLong(args[1]), 1L << 30));
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            new Thread(() -> publish(log, number)).start();
        }
    }

    private static void publish(EventLog log, int number) {
        for (int i = 0; ; i++) {
            Event event = done(log.append(Logs.update("publisher-" + number, i + PADDING)));
            // One call is one write, so a line is complete or absent.
            System.out.print(event.position() + " " + event.id() + "\n");
        }
    }
}
