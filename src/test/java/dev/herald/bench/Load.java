package dev.herald.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Handle of a {@link LoadGenerator} process on the load's core, which ends with {@link #close}. Used by one thread. */
final class Load implements AutoCloseable {
    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private Load(Process process) {
        this.process = process;
        this.orders = process.outputWriter();
        this.answers = process.inputReader();
    }

    static Load start() throws IOException {
        return start("-Xmx2g");
    }

    /** @param heap JVM option for its heap size */
    static Load start(String heap) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(heap);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LoadGenerator.class.getName()));
        return new Load(new ProcessBuilder(Cores.load(command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * Opens the subscribers of a plan in addition to present ones, and waits until all are live. Those without
     * published messages stay until this is closed.
     *
     * @throws AssertionError if a subscriber was rejected
     */
    void open(LoadPlan plan) throws IOException {
        order(plan.json());
        answer();
    }

    /**
     * Publishes to the newest subscribers, then closes them.
     *
     * @throws AssertionError if a message was lost, duplicated or reordered
     */
    LoadResult publish() throws IOException {
        order(LoadGenerator.PUBLISH);
        return new ObjectMapper().readValue(answer(), LoadResult.class);
    }

    LoadResult run(LoadPlan plan) throws IOException {
        open(plan);
        return publish();
    }

    private void order(String line) throws IOException {
        orders.write(line);
        orders.newLine();
        orders.flush();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            process.onExit().join();
            throw new AssertionError("The load generator failed; its output above has the reason.");
        }
        return line;
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
