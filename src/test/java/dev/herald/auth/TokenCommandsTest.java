package dev.herald.auth;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.MovingClock;
import dev.herald.Patience;
import dev.herald.event.Topic;
import dev.herald.selector.TopicSelector;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static org.assertj.core.api.Assertions.assertThat;

/** The shell commands of the Mercure page that make a token, run as printed. */
class TokenCommandsTest {
    private static final Path PAGE = Path.of("src", "docs", "mercure.md");
    private static final Pattern RECIPE =
            Pattern.compile("```sh\n(key='(?:(?!```).)*openssl dgst.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    private static String recipe() throws IOException {
        Matcher matcher = RECIPE.matcher(Files.readString(PAGE));
        assertThat(matcher.find()).as("a recipe in %s", PAGE).isTrue();
        return matcher.group(1);
    }

    private String run(String script) throws IOException, InterruptedException {
        File output = directory.resolve("output").toFile();
        Process shell = new ProcessBuilder(List.of("sh", "-euc", script))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(shell.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);
        assertThat(shell.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void tokenOfThePrintedRecipeIsAccepted() throws Exception {
        String recipe = recipe();
        Authenticator authenticator = authenticator(
                new MovingClock(),
                "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET,
                "herald.auth.subscriber.key=" + TokenMint.WELL_KNOWN_SECRET);

        String token = run("curl() { printf %s \"$2\"; }\n" + recipe).replaceFirst("^Authorization: Bearer ", "");

        assertThat(granted(authenticator.publisher(Optional.of(token)))
                        .mayPublish(List.of(new Topic("a")))
                        .complete())
                .isTrue();
        assertThat(granted(authenticator.subscriber(Optional.of(token))).subscribe())
                .containsExactly(TopicSelector.parse("*"));
    }
}
