package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Programs;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** Test that each command of the page on administration works as it is printed there. */
class AdminPageIT {
    private static final Path PAGE = Path.of("src/docs/admin.md");
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    /** The commands of the page, a block each, but for those that need systemd or a cluster. */
    private static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .filter(block -> !block.contains("systemctl ") && !block.contains("kubectl "))
                .toList();
    }

    private String run(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-euc", script)
                .directory(temporary.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(script).isZero();
        return output;
    }

    @Test
    void eachCommandOfThePageWorks() throws Exception {
        if (Programs.find("openssl").isEmpty() || Programs.find("curl").isEmpty()) {
            String missing = "Without openssl and curl, the commands of the page on administration cannot be run.";
            Programs.reportSkipped("the page on administration", missing);
            abort(missing);
        }
        List<String> blocks = blocks();
        // The key, and the name of its file in the environment of the hub.
        String environment = run(blocks.get(0) + "\nenv");
        Matcher keyFile =
                Pattern.compile("(?m)^HERALD_AUTH_ADMIN_KEY_FILE=(.*)$").matcher(environment);
        assertThat(keyFile.find()).isTrue();
        try (PackagedHub hub = PackagedHub.in(temporary)
                .openToAll()
                .setting("HERALD_AUTH_ADMIN_KEY_FILE", keyFile.group(1))
                .setting("HERALD_DRAIN", "0s")
                .start()
                .awaitReady()) {
            URI address = hub.address();
            String event = hub.post("/message?topic=news", "text/plain", "hello")
                    .headers()
                    .firstValue("Event-ID")
                    .orElseThrow();
            List<String> commands = new ArrayList<>(blocks.subList(2, blocks.size()));
            String token = blocks.get(1).replace("http://localhost:8080", address.toString());
            assertThat(token).contains(address.toString());
            subscribers.open(address.resolve("/SSE?topic=news") + "").awaitCount(1);

            int run = 0;
            for (String line : String.join("", commands).lines().toList()) {
                String id = streams(token, address).path(0).path("id").asText("none");
                String variables = "\nid=%s fingerprint=%s event=%s\n".formatted(id, "0".repeat(63) + "1", event);
                String answer = run(token + variables + line.replaceFirst("^curl ", "curl -w '\n%{http_code}' "));

                assertThat(answer).as(line).endsWith("\n200");
                assertThat(new ObjectMapper().readTree(answer).isObject())
                        .as(line)
                        .isTrue();
                if (streams(token, address).isEmpty()) {
                    subscribers.open(address.resolve("/SSE?topic=news") + "").awaitCount(1);
                }
                run++;
            }
            assertThat(run).isGreaterThan(12);
            assertThat(hub.output()).contains("action=end-streams by=\"alice\"", "action=purge", "count=1");
        }
    }

    private JsonNode streams(String token, URI hub) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(run(token + "\ncurl -s -H \"$admin\" \"$hub/admin/streams\""))
                .path("streams");
    }
}
