package dev.herald.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Deflater;

import com.github.luben.zstd.ZstdCompressCtx;

import dev.herald.event.Frame;

/**
 * Bytes and CPU time of compressing JSON frames of one size, in two ways. Each frame is compressed independently, so
 * that it can be shared. Or each is the next part of one stream with its history, which every connection would have to
 * do separately.
 */
final class CompressionCost {
    private static final int FRAMES = 500;
    private static final int LARGEST = 64 << 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Report report;
    private final Scale scale;
    private final int size;
    private final List<byte[]> frames;
    private final byte[] out = new byte[LARGEST];

    CompressionCost(Report report, Scale scale, int size) {
        this.report = report;
        this.scale = scale;
        this.size = size;
        Random random = new Random(size);
        this.frames = IntStream.range(0, FRAMES)
                .mapToObj(i -> frame(json(random, size)))
                .toList();
    }

    /** Market quotes: names that repeat, numbers and ids that do not. */
    private static String json(Random random, int size) {
        StringBuilder json = new StringBuilder("{\"quotes\":[");
        do {
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",")
                    .append(String.format(
                            "{\"id\":\"%s\",\"symbol\":\"%s\",\"bid\":%.2f,\"ask\":%.2f,\"volume\":%d,"
                                    + "\"at\":\"2026-11-24T%02d:%02d:%02d.%03dZ\",\"halted\":%b}",
                            new UUID(random.nextLong(), random.nextLong()),
                            random.ints(4, 'A', 'Z' + 1)
                                    .mapToObj(Character::toString)
                                    .collect(Collectors.joining()),
                            random.nextDouble() * 1_000,
                            random.nextDouble() * 1_000,
                            random.nextInt(1_000_000),
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(1_000),
                            random.nextBoolean()));
        } while (json.length() < size - 2);
        return json.append("]}").toString();
    }

    private static byte[] frame(String json) {
        ByteBuffer bytes = Frame.builder()
                .id(UUID.randomUUID().toString())
                .data(json)
                .build()
                .bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    void measure() {
        double plain = frames.stream().mapToInt(frame -> frame.length).average().orElseThrow();
        for (int level : new int[] {1, 6}) {
            Deflater alone = new Deflater(level, true);
            measure("deflate " + level + ", each frame alone", plain, frame -> {
                alone.reset();
                return deflate(alone, frame);
            });
            Deflater stream = new Deflater(level, true);
            measure("deflate " + level + ", each connection for itself", plain, frame -> deflate(stream, frame));
            alone.end();
            stream.end();
        }
        for (int level : new int[] {1, 3}) {
            try (ZstdCompressCtx alone = new ZstdCompressCtx()) {
                alone.setLevel(level).setContentSize(false).setChecksum(false);
                measure(
                        "zstd " + level + ", each frame alone",
                        plain,
                        frame -> alone.compressByteArray(out, 0, out.length, frame, 0, frame.length));
            }
        }
    }

    private int deflate(Deflater deflater, byte[] frame) {
        deflater.setInput(frame);
        return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    }

    private void measure(String way, double plain, ToIntFunction<byte[]> compress) {
        Figure bytes = report.figure(size + " bytes of JSON, " + way, "bytes a frame");
        Figure cpu = report.figure(size + " bytes of JSON, " + way, "µs of CPU a frame");
        run(compress, FRAMES * 10);
        for (int i = 0; i < scale.repetitions; i++) {
            long before = THREADS.getCurrentThreadCpuTime();
            double average = run(compress, FRAMES * 10);
            cpu.run((THREADS.getCurrentThreadCpuTime() - before) / 1e3 / (FRAMES * 10));
            bytes.baseline("as it is", plain);
            bytes.run(average);
        }
    }

    private double run(ToIntFunction<byte[]> compress, int count) {
        return IntStream.range(0, count)
                .mapToLong(i -> compress.applyAsInt(frames.get(i % FRAMES)))
                .average()
                .orElseThrow();
    }
}
