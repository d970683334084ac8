package dev.herald.testing;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Running hub in a process of its own. There is one for each set of settings; it ends with this JVM, however that ends.
 * Thread-safe.
 */
final class HubProcess {
    private static final Map<Map<String, String>, HubProcess> RUNNING = new ConcurrentHashMap<>();
    private static final int LINES = 200;

    /** By its name: the tests' class path has none of the hub's jars, without which the class cannot be loaded. */
    private static final String MAIN = "dev.herald.testing.HubMain";

    private static final List<String> JVM = List.of(
            // Standard output is for answers.
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            // A hub that runs for seconds would spend most of its CPU time on compiling well.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    private final Process process;
    private final DataOutputStream questions;
    private final DataInputStream answers;
    private final Thread reader;
    private final Deque<String> output = new ArrayDeque<>();
    private final URI address;

    private HubProcess(Process process) throws IOException {
        this.process = process;
        this.questions = new DataOutputStream(process.getOutputStream());
        this.answers = new DataInputStream(process.getInputStream());
        this.reader = new Thread(this::readOutput, "herald-testing-output");
        reader.setDaemon(true);
        reader.start();
        try {
            this.address = URI.create("http://" + PublishedEvent.readText(answers));
        } catch (IOException e) {
            throw new IOException("The hub did not start:\n" + awaitOutput(), e);
        }
    }

    /** The hub with these settings, which is started unless it runs. */
    static HubProcess of(Map<String, String> settings) {
        return RUNNING.compute(Map.copyOf(settings), (all, running) -> {
            if (running != null && running.process.isAlive()) {
                return running;
            }
            try {
                return new HubProcess(launch(all));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Process launch(Map<String, String> settings) throws IOException {
        HubFiles files = HubFiles.unpack();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        ClassArchive archive = ClassArchive.in(files.directory());
        command.addAll(archive.options());
        new TreeMap<>(settings).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", files.classPath(), MAIN));
        command.addAll(archive.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                // Not the application's, whose .env and config/application.properties Quarkus would read.
                .directory(files.directory().toFile());
        builder.environment().keySet().removeIf(HubProcess::isForeign);
        return builder.start();
    }

    /** Whether a variable configures the application or its JVM, and would configure the hub, too. */
    private static boolean isForeign(String variable) {
        return variable.startsWith("QUARKUS_")
                || variable.startsWith("HERALD_")
                || variable.startsWith("SMALLRYE_")
                || variable.startsWith("MP_")
                || List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").contains(variable);
    }

    private void readOutput() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    if (output.size() == LINES) {
                        output.removeFirst();
                    }
                    output.addLast(line);
                }
            }
        } catch (IOException ended) {
            // With the process.
        }
    }

    /** Output of a process that ends. */
    private String awaitOutput() {
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return output();
    }

    /** The hub's latest log lines, at most 200. */
    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    URI address() {
        return address;
    }

    /** Position of the newest event. */
    synchronized long head() {
        return ask(Question.HEAD, parameters -> {}, DataInputStream::readLong);
    }

    /** Events after a position. What was answered before this call is among them. */
    synchronized List<PublishedEvent> eventsAfter(long position) {
        return ask(Question.EVENTS, parameters -> parameters.writeLong(position), answer -> {
            List<PublishedEvent> events = new ArrayList<>();
            while (answer.readBoolean()) {
                events.add(PublishedEvent.read(answer));
            }
            return events;
        });
    }

    /** Number of open streams with a selector. */
    synchronized int subscribers(String selector) {
        return ask(
                Question.SUBSCRIBERS,
                parameters -> PublishedEvent.write(selector, parameters),
                DataInputStream::readInt);
    }

    private <T> T ask(Question question, Parameters parameters, Answer<T> answer) {
        try {
            questions.writeByte(question.ordinal());
            parameters.write(questions);
            questions.flush();
            return answer.read(answers);
        } catch (IOException e) {
            throw new UncheckedIOException("The hub has ended:\n" + output(), e);
        }
    }

    private interface Parameters {
        void write(DataOutputStream out) throws IOException;
    }

    private interface Answer<T> {
        T read(DataInputStream in) throws IOException;
    }
}
