package dev.herald.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests the parsers of untrusted input with the seeds, which include each input that has found a fault, with random
 * changes of them, and with long repetitions of their parts. {@code FuzzIT} searches for further inputs.
 */
class FuzzTargetsTest {
    /** Longest head of a request, which bounds what most parsers read at once. */
    private static final int LONG = 64 << 10;

    /**
     * CPU time of one input of that length. It is some milliseconds of compiled code; a cost that is quadratic exceeds
     * it by far.
     */
    private static final Duration MAX_CPU = Duration.ofSeconds(2);

    private static final int CHANGES = 2_000;
    private static final int MAX_PART = 24;

    static Stream<String> names() {
        return FuzzTargets.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void propertiesHoldForSeedsAndTheirChanges(String name) {
        FuzzTarget target = FuzzTargets.create(name);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> seeds = seeds(name);

        assertThat(seeds).isNotEmpty();
        seeds.forEach(input -> run(target, input, "seed"));
        run(target, new byte[0], "nothing");
        for (int i = 0; i < CHANGES; i++) {
            run(target, changed(seeds, random), "changes by random seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void costIsLinearInTheLengthOfTheInput(String name) {
        FuzzTarget target = FuzzTargets.create(name);
        Random random = new Random(1);

        for (byte[] seed : seeds(name)) {
            int from = random.nextInt(Math.max(1, seed.length));
            int to = Math.min(seed.length, from + 1 + random.nextInt(MAX_PART));
            byte[] input = repeated(seed, from, to);
            long before = cpuNanos();
            run(target, input, "repetition of " + from + " to " + to);
            assertThat(Duration.ofNanos(cpuNanos() - before))
                    .as("CPU time for %s, bytes %d to %d repeated", new String(seed), from, to)
                    .isLessThan(MAX_CPU);
        }
    }

    private static void run(FuzzTarget target, byte[] input, String what) {
        try {
            target.run(new FuzzInput(input));
        } catch (Exception | Error e) {
            fail("%s: %s".formatted(what, quoted(input)), e);
        }
    }

    private static String quoted(byte[] input) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(input.length, 1_000); i++) {
            text.append(input[i] >= ' ' && input[i] < 0x7f ? "" + (char) input[i] : "\\x%02x".formatted(input[i]));
        }
        return text.toString();
    }

    /** CPU time is independent of the load of the machine. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The seed with a part of it repeated up to the longest input. */
    private static byte[] repeated(byte[] seed, int from, int to) {
        int part = Math.max(1, to - from);
        byte[] input = new byte[LONG];
        System.arraycopy(seed, 0, input, 0, from);
        for (int at = from; at < input.length; at++) {
            input[at] = to > from ? seed[from + (at - from) % part] : 0;
        }
        // Its end may close what the beginning has opened.
        int end = Math.min(seed.length - to, LONG - to);
        System.arraycopy(seed, to, input, input.length - end, end);
        return input;
    }

    private static byte[] changed(List<byte[]> seeds, Random random) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            byte[] other = seeds.get(random.nextInt(seeds.size()));
            int at = random.nextInt(input.length + 1);
            switch (random.nextInt(4)) {
                case 0 -> input = joined(input, at, at, new byte[] {(byte) random.nextInt(256)});
                case 1 -> input = joined(input, at, Math.min(input.length, at + 1 + random.nextInt(4)), new byte[0]);
                case 2 -> input = joined(input, at, at, part(other, random));
                default -> {
                    if (at < input.length) {
                        input[at] = other.length == 0 ? 0 : other[random.nextInt(other.length)];
                    }
                }
            }
        }
        return input;
    }

    private static byte[] part(byte[] of, Random random) {
        int from = random.nextInt(of.length + 1);
        return Arrays.copyOfRange(of, from, Math.min(of.length, from + random.nextInt(MAX_PART)));
    }

    /** The input with the bytes from one index to another replaced. */
    private static byte[] joined(byte[] input, int from, int to, byte[] inserted) {
        byte[] all = Arrays.copyOf(input, from + inserted.length + input.length - to);
        System.arraycopy(inserted, 0, all, from, inserted.length);
        System.arraycopy(input, to, all, from + inserted.length, input.length - to);
        return all;
    }

    private static List<byte[]> seeds(String name) {
        try (Stream<Path> files = Files.list(FuzzTargets.seeds(name))) {
            return files.sorted().map(FuzzTargetsTest::content).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
