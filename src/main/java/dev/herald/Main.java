package dev.herald;

import java.util.List;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Entry point: the hub without arguments, else a command on a log, which starts no hub. */
@QuarkusMain
public final class Main {
    private Main() {}

    /** @param arguments a command of {@link LogCommands} and its arguments, or none */
    public static void main(String... arguments) {
        if (arguments.length == 0) {
            Quarkus.run(null, StartFailure::exit);
        } else {
            System.exit(new LogCommands(System.out, System.err).run(List.of(arguments)));
        }
    }
}
