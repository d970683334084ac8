package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;

import static dev.herald.Patience.done;

/** Program that publishes from several threads until it is killed, and prints position and id of each event. */
final class KilledPublisher {
    private static final int THREADS = 4;
    private static final String PADDING = "x".repeat(300);
    private static final Logger HERALD = Logger.getLogger("dev.herald");

    private KilledPublisher() {}

    /**
     * Command that runs it in a process of its own.
     *
     * @param temporary for temporary files, which a killed process leaves behind
     * @param kept events that its log retains
     */
    static List<String> command(Path temporary, Path directory, long kept) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                KilledPublisher.class.getName(),
                directory.toString(),
                Long.toString(kept));
    }

    public static void main(String[] args) {
        HERALD.setLevel(Level.WARNING);
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
