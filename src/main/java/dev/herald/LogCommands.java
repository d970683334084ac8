package dev.herald;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import dev.herald.log.EventLogException;
import dev.herald.log.sqlite.LogBackup;
import dev.herald.log.sqlite.LogRestore;

/**
 * Commands of an operator on a log in files: {@code backup DIRECTORY FILE}, also while a hub has it open, and
 * {@code restore FILE DIRECTORY}. They require access to the log's files, and no other right. Stateless.
 */
final class LogCommands {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final String USAGE = """
            Herald does not know this command. Without arguments it runs the hub. With arguments, one of:
              backup DIRECTORY FILE    copies the log in DIRECTORY to the new FILE; the hub may be running
              restore FILE DIRECTORY   makes FILE the log in DIRECTORY; the hub must be stopped""";

    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param out for results
     * @param err for failures, one sentence each
     */
    LogCommands(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs a command; returns the exit code of the process. */
    int run(List<String> arguments) {
        if (arguments.size() != 3) {
            return misused();
        }
        try {
            Path from = Path.of(arguments.get(1));
            Path to = Path.of(arguments.get(2));
            return switch (arguments.get(0)) {
                case "backup" -> backup(from, to);
                case "restore" -> restore(from, to);
                default -> misused();
            };
        } catch (EventLogException | InvalidPathException e) {
            err.println(e.getMessage());
            return FAILED;
        }
    }

    private int backup(Path directory, Path file) {
        long events = LogBackup.write(directory, file);
        out.printf("The backup is complete. file=%s events=%d%n", file, events);
        return DONE;
    }

    private int restore(Path file, Path directory) {
        LogRestore.install(file, directory);
        out.printf(
                "The backup is in place. A log that was there before is kept as herald-replaced-N.db. directory=%s%n",
                directory);
        return DONE;
    }

    private int misused() {
        err.println(USAGE);
        return MISUSED;
    }
}
