package dev.herald.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As many streams as fit, over HTTP/2, since a process has few sockets; then one message to all of them. Hub and
 * clients share this machine's memory: a probe measures how many streams fit.
 */
final class StreamCapacity {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final int PROBE = 20_000;

    /** Share of available memory for the hub's heap; sockets, clients and other processes need the rest. */
    private static final double HUB_SHARE = 0.6;

    private static final double LOAD_SHARE = 0.15;

    /** Share of the heap for streams; requests that open them need the rest. */
    private static final double FULL = 0.8;

    private final Report report;
    private final Scale scale;
    private final Path results;

    StreamCapacity(Report report, Scale scale, Path results) {
        this.report = report;
        this.scale = scale;
        this.results = results;
    }

    void measure() throws Exception {
        Figure count = report.figure("open over HTTP/2", "streams").atLeast(scale.streams);
        Figure opening = report.figure("opening them", "streams a second");
        Figure live = report.figure("live heap a stream", "KiB");
        Figure resident = report.figure("resident memory of the hub", "GB");
        Figure last = report.figure("one message to all of them: until the last has it", "s");
        Figure half = report.figure("until half of them have it", "s");
        Figure cpu = report.figure("CPU a delivery", "µs");

        long available = availableBytes();
        long heap = (long) (available * HUB_SHARE);
        String heapOption = "-Xmx" + (heap >> 20) + "m";
        try (Server hub = Server.hub(
                results.resolve("million.log"),
                "herald.log.kind=memory",
                "herald.sse.max-subscribers=" + 2 * scale.streams,
                "herald.sse.max-selector-bytes=4G",
                heapOption)) {
            long empty = hub.liveHeapBytes();
            int streams = (int) Math.min(scale.streams, heap * FULL / probe(hub, empty));
            try (Load load = Load.start("-Xmx" + ((long) (available * LOAD_SHARE) >> 20) + "m")) {
                Progress.report("opening %,d streams in a heap of %,d MB", streams, heap >> 20);
                long begin = System.nanoTime();
                load.open(LoadPlan.against(hub)
                        .http2()
                        .subscribers(streams)
                        .rate(1)
                        .once());
                opening.run(streams / ((System.nanoTime() - begin) / 1e9));
                count.run(streams);
                resident.run(hub.residentBytes() / 1e9);
                live.run((hub.liveHeapBytes() - empty) / 1024.0 / streams);
                LoadResult result = load.publish();
                last.run(result.seconds());
                half.run(result.p50() / 1e3);
                cpu.run(result.microsADelivery());
            }
            count.note(
                    "%,d connections of %d streams; %,d MB of memory were available",
                    streams / SubscriberOpener.STREAMS_A_CONNECTION,
                    SubscriberOpener.STREAMS_A_CONNECTION,
                    available >> 20);
            last.note("each got it, and once");
        }
    }

    /** Heap of a stream in bytes, measured with some streams that are closed again. */
    private double probe(Server hub, long empty) throws IOException {
        int streams = Math.min(PROBE, scale.streams);
        try (Load load = Load.start()) {
            load.open(LoadPlan.against(hub).http2().subscribers(streams));
            double bytes = (double) (hub.liveHeapBytes() - empty) / streams;
            Progress.report("a stream takes %,.0f bytes of the heap", bytes);
            return bytes;
        }
    }

    private static long availableBytes() throws IOException {
        Matcher found = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII));
        if (!found.find()) {
            throw new IllegalStateException("/proc/meminfo does not say what is available.");
        }
        return Long.parseLong(found.group(1)) << 10;
    }
}
