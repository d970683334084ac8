package dev.herald.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU pinning: the server runs on one core and the load on another, so that they do not disturb each other. With one
 * core only or without {@code taskset}, nothing is pinned.
 */
final class Cores {
    /** Number of cores at the start of this process. */
    static final int COUNT = Runtime.getRuntime().availableProcessors();

    private static final String TASKSET = "taskset";
    private static final String SERVER = "0";
    private static final String LOAD = "1";
    private static final boolean PINNED = COUNT > 1 && installed(TASKSET);

    private Cores() {}

    /** The command, pinned to the server's core. */
    static List<String> server(List<String> command) {
        return pinned(SERVER, command);
    }

    /** The command, pinned to the load's core. */
    static List<String> load(List<String> command) {
        return pinned(LOAD, command);
    }

    private static List<String> pinned(String core, List<String> command) {
        if (!PINNED) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of(TASKSET, "-c", core));
        whole.addAll(command);
        return whole;
    }

    /** Pins all threads of this process to the load's core until the result is closed. */
    static Pinned pinThisProcess() throws IOException {
        move(LOAD);
        return new Pinned();
    }

    private static void move(String cores) throws IOException {
        if (!PINNED) {
            return;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        Process process = new ProcessBuilder(TASKSET, "-a", "-p", "-c", cores, pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // taskset reports threads that end meanwhile, which is harmless.
        process.onExit().join();
    }

    /** Whether a command is in the path. */
    static boolean installed(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, command))
                .anyMatch(Files::isExecutable);
    }

    /** Pinning of this process to the load's core. */
    static final class Pinned implements AutoCloseable {
        private Pinned() {}

        /** Note for the report. */
        String note() {
            return PINNED ? "server on core " + SERVER + ", load on core " + LOAD : "not pinned to cores";
        }

        @Override
        public void close() throws IOException {
            move("0-" + (COUNT - 1));
        }
    }
}
