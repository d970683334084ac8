package dev.herald.soak;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.fuzz.FuzzTargets;
import dev.herald.fuzz.JazzerEntry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Search for inputs that make a parser fail: Jazzer changes the seeds of each target so that they reach further
 * branches. A target runs in a JVM of its own, for a minute of CPU time of its thread or
 * {@code -Dfuzz.seconds}; {@code -Dfuzz.targets} names some of them. An input that fails, or costs seconds, is left in
 * {@code target/fuzz}: correct the fault, and add the input to the seeds. {@code FuzzTargetsTest} runs them in each build.
 */
class FuzzIT {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 60);

    /** Wall time of an input that waits for ever. {@link JazzerEntry} limits CPU time. */
    private static final int TIMEOUT_SECONDS = 120;

    /** Wall time of a target, many times its CPU time: the machine may be busy. */
    private static final int MAX_WALL_SECONDS = 30 * SECONDS + 60;

    private static final int MAX_LENGTH = 16 << 10;
    private static final Path FOLDER = Path.of("target", "fuzz");
    private static final Pattern REPORT = Pattern.compile(JazzerEntry.REPORT + " (\\d+) (\\d+) (\\d+)");
    private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+) ft: \\d+ corp: (\\d+)");

    static Stream<String> targets() {
        List<String> named = List.of(System.getProperty("fuzz.targets", "").split(","));
        if (named.equals(List.of(""))) {
            return FuzzTargets.names().stream();
        }
        assertThat(FuzzTargets.names()).as("fuzz.targets").containsAll(named);
        return named.stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void noInputFails(String target) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(FOLDER.resolve(target));
        Path output = FOLDER.resolve(target + ".txt");
        Process fuzzer = new ProcessBuilder(command(target, corpus))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Thread hook = new Thread(fuzzer::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);

        boolean ended = endedBeforeItsReport(fuzzer, output);

        fuzzer.destroyForcibly().waitFor();
        Runtime.getRuntime().removeShutdownHook(hook);
        String text = Files.readString(output);
        assertThat(ended).as("%s: %s", target, lastLines(text)).isFalse();
        Matcher report = REPORT.matcher(text);
        assertThat(report.find()).isTrue();
        System.out.printf(
                "fuzz %s: %s inputs in %s s of CPU time, %s s of time, %s%n",
                target, report.group(1), report.group(2), report.group(3), coverage(text));
    }

    /** It ends by itself with an input that fails, or after the longest wall time. */
    private static boolean endedBeforeItsReport(Process fuzzer, Path output) throws IOException, InterruptedException {
        while (!fuzzer.waitFor(200, TimeUnit.MILLISECONDS)) {
            if (REPORT.matcher(Files.readString(output)).find()) {
                return false;
            }
        }
        return true;
    }

    private static String coverage(String text) {
        String last = "no coverage";
        for (Matcher matcher = COVERAGE.matcher(text); matcher.find(); ) {
            last = "%s edges, %s inputs kept".formatted(matcher.group(1), matcher.group(2));
        }
        return last;
    }

    private static List<String> command(String target, Path corpus) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + target + " " + SECONDS,
                "--instrumentation_includes=dev.herald.**",
                "--custom_hook_includes=dev.herald.**",
                "--reproducer_path=" + FOLDER,
                "-artifact_prefix=" + FOLDER + "/" + target + "-",
                "-max_total_time=" + MAX_WALL_SECONDS,
                "-timeout=" + TIMEOUT_SECONDS,
                "-max_len=" + MAX_LENGTH,
                "-rss_limit_mb=0",
                corpus.toString(),
                FuzzTargets.seeds(target).toString());
    }

    /** Of this JVM, which may have been given in a jar or file. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator)).collect(Collectors.joining(File.pathSeparator));
    }

    private static String lastLines(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
