package dev.herald.soak;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * branches. A target runs in a JVM of its own, for a minute or {@code -Dfuzz.seconds}; {@code -Dfuzz.targets} names
 * some of them. An input that fails, or takes longer than {@value #TIMEOUT_SECONDS} s, is left in {@code target/fuzz}:
 * correct the fault, and add the input to the seeds. {@code FuzzTargetsTest} runs them in each build.
 */
class FuzzIT {
    private static final int TIMEOUT_SECONDS = 10;
    private static final int MAX_LENGTH = 16 << 10;
    private static final Path FOLDER = Path.of("target", "fuzz");
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    static Stream<String> targets() {
        List<String> named = List.of(System.getProperty("fuzz.targets", "").split(","));
        return FuzzTargets.names().stream().filter(name -> named.contains(name) || named.contains(""));
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

        int status = fuzzer.waitFor();

        Runtime.getRuntime().removeShutdownHook(hook);
        String text = Files.readString(output);
        assertThat(status).as("%s: %s", target, lastLines(text)).isZero();
        Matcher done = DONE.matcher(text);
        assertThat(done.find()).as(lastLines(text)).isTrue();
        System.out.printf("fuzz %s: %s inputs in %s s%n", target, done.group(1), done.group(2));
    }

    private static List<String> command(String target, Path corpus) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + target,
                "--instrumentation_includes=dev.herald.**",
                "--custom_hook_includes=dev.herald.**",
                "--reproducer_path=" + FOLDER,
                "-artifact_prefix=" + FOLDER + "/" + target + "-",
                "-max_total_time=" + Integer.getInteger("fuzz.seconds", 60),
                "-timeout=" + TIMEOUT_SECONDS,
                "-max_len=" + MAX_LENGTH,
                "-rss_limit_mb=0",
                "-print_final_stats=1",
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
