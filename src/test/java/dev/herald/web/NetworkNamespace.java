package dev.herald.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

import dev.herald.Patience;
import dev.herald.Programs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Network for clients whose connection to this machine can be cut without FIN or RST: a Linux namespace and a pair of
 * virtual interfaces. Needs root and iproute2; without them its tests are skipped with a message.
 */
final class NetworkNamespace implements AutoCloseable {
    private final String name = "far" + ProcessHandle.current().pid();
    private final String here = "h" + name;
    private final String there = "t" + name;
    /** A network reserved for tests (RFC 2544). */
    private final String prefix;

    private final List<Process> clients = new ArrayList<>();

    NetworkNamespace() throws IOException {
        Random random = new Random();
        prefix = "198.18." + random.nextInt(256) + "." + 4 * random.nextInt(64);
        boolean made = Programs.find("ip").isPresent()
                && run("ip", "netns", "add", name)
                && run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", name);
        if (!made) {
            String missing = "Without root and iproute2 no network can be made: no client's network was cut.";
            Programs.reportSkipped("clients whose network is cut", missing);
            Assumptions.abort(missing);
        }
        mustRun("ip", "addr", "add", address(1) + "/30", "dev", here);
        mustRun("ip", "link", "set", here, "up");
        mustRun("ip", "-n", name, "addr", "add", address(2) + "/30", "dev", there);
        mustRun("ip", "-n", name, "link", "set", there, "up");
    }

    private String address(int host) {
        String[] parts = prefix.split("\\.");
        return String.join(".", parts[0], parts[1], parts[2], "" + (Integer.parseInt(parts[3]) + host));
    }

    /** Address of this machine in that network. */
    String hub() {
        return address(1);
    }

    /** Starts a program in the namespace. */
    void start(String... command) throws IOException {
        clients.add(new ProcessBuilder(Stream.concat(Stream.of("ip", "netns", "exec", name), Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Drops all packets from now on, in both directions. */
    void cut() throws IOException {
        mustRun("ip", "-n", name, "link", "set", there, "down");
    }

    private static void mustRun(String... command) throws IOException {
        assertThat(run(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Patience.done(process.onExit()).exitValue() == 0;
    }

    /** Ends the programs, then deletes the namespace and with it its end of the link. */
    @Override
    public void close() throws IOException {
        for (Process client : clients) {
            Patience.done(client.destroyForcibly().onExit());
        }
        run("ip", "netns", "del", name);
        run("ip", "link", "del", here);
    }
}
