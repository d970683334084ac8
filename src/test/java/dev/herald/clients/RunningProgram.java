package dev.herald.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.herald.Programs;

/** Running program and the lines of its standard output. Thread-safe; {@link #close} kills it. */
final class RunningProgram implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    RunningProgram(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            // Ends with the test.
        }
    }

    List<String> lines() {
        return lines;
    }

    /** Data of all events so far, of a program that prints the lines of its stream. */
    List<String> data() {
        return lines.stream()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        Programs.end(process);
    }
}
