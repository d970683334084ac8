package dev.herald.testing;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import jakarta.enterprise.inject.spi.CDI;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

import dev.herald.connection.Listeners;
import dev.herald.event.Event;
import dev.herald.event.EventType;
import dev.herald.event.Topic;
import dev.herald.log.EventLog;
import dev.herald.log.Page;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.selector.TopicSelector;

/**
 * Main class of a hub for tests. Writes the address to the standard output, then answers each {@link Question} from the
 * standard input, and ends with it. So the hub also ends when the tests' process is killed.
 */
public final class HubMain implements QuarkusApplication {
    private static final int PAGE_BYTES = 1 << 20;
    private static final List<TopicSelector> ALL = List.of(TopicSelector.parse("*"));

    private final DataOutputStream answers =
            new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    private final EventLog log = CDI.current().select(EventLog.class).get();
    private final ActiveSubscriptions subscriptions =
            CDI.current().select(ActiveSubscriptions.class).get();

    /**
     * Starts the hub. It is configured by system properties.
     *
     * @param arguments the file of a {@link ClassArchive} to write at the end, or none
     */
    public static void main(String... arguments) {
        System.setOut(System.err);
        Thread.currentThread().setContextClassLoader(new LeanClassLoader(HubMain.class.getClassLoader()));
        Quarkus.run(HubMain.class, arguments);
    }

    /** Runs on the main thread after the start. Does not return. */
    @Override
    public int run(String... arguments) throws IOException {
        Listeners listeners = CDI.current().select(Listeners.class).get();
        listeners.complete().toCompletableFuture().join();
        PublishedEvent.write(listeners.httpAddress().orElseThrow(), answers);
        try (DataInputStream questions = new DataInputStream(System.in)) {
            while (true) {
                answers.flush();
                answer(Question.values()[questions.readByte()], questions);
            }
        } catch (EOFException ended) {
            if (arguments.length > 0) {
                new ClassArchive(Path.of(arguments[0])).write();
            }
        } finally {
            // Nothing is left to be drained or closed.
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }

    private void answer(Question question, DataInputStream parameters) throws IOException {
        switch (question) {
            case HEAD -> answers.writeLong(log.recent().head());
            case EVENTS -> writeEvents(parameters.readLong());
            case SUBSCRIBERS ->
                answers.writeInt(
                        subscriptions.of(PublishedEvent.readText(parameters)).size());
        }
    }

    /** Writes all events up to the head of now. */
    private void writeEvents(long position) throws IOException {
        long head = log.recent().head();
        long after = position;
        while (after < head) {
            Page page = log.read(after, ALL, PAGE_BYTES).toCompletableFuture().join();
            for (Event event : page.events()) {
                if (!event.isPurged()) {
                    answers.writeBoolean(true);
                    published(event).write(answers);
                }
            }
            after = page.through();
        }
        answers.writeBoolean(false);
    }

    private static PublishedEvent published(Event event) {
        return new PublishedEvent(
                event.topics().stream().map(Topic::name).toList(),
                event.id().value(),
                event.type().map(EventType::name),
                event.isPrivate(),
                new String(event.data().toArray(), StandardCharsets.UTF_8));
    }
}
