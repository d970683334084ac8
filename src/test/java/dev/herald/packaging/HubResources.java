package dev.herald.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the process of a hub uses (Linux). */
record HubResources(long pid) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final int TICKS_A_SECOND = 100;
    private static final int USER_TICKS = 11;

    /** Open file descriptors. */
    long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.count();
        }
    }

    /** CPU time since its start, in seconds. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(afterName[USER_TICKS]) + Long.parseLong(afterName[USER_TICKS + 1]))
                / (double) TICKS_A_SECOND;
    }

    /** Heap in use after a full collection, in bytes. */
    long heapBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        // A line for each generation, and after them what is not in the heap.
        String generations = jcmd("GC.heap_info").split("Metaspace")[0];
        List<Long> used = USED.matcher(generations)
                .results()
                .map(found -> Long.parseLong(found.group(1)) << 10)
                .toList();
        if (used.isEmpty()) {
            throw new IOException("jcmd printed no use of the heap.");
        }
        return used.stream().mapToLong(Long::longValue).sum();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        return output;
    }
}
