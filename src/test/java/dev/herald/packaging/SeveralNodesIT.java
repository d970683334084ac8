package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.cluster.postgres.Databases;
import dev.herald.cluster.postgres.Databases.Database;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of two packaged hubs with one log on PostgreSQL, of which one is killed while both publish and deliver. */
@ExtendWith(Databases.class)
class SeveralNodesIT {
    private static final int ANSWERS_A_STEP = 200;
    private static final String SECRET = TokenMint.SUBSCRIBERS_SECRET;
    private static final String LAST = "\"the last\"";

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path temporary;

    private PackagedHub.Builder one;
    private PackagedHub.Builder other;
    private PackagedHub first;
    private PackagedHub second;
    private volatile boolean firstIsGone;
    private volatile boolean enough;

    @BeforeAll
    static void needsAJar() throws IOException {
        PackagedHub.assumeJar();
    }

    @BeforeEach
    void start(Database database) throws IOException {
        one = node("one", database);
        other = node("other", database);
        // At once, on an empty database.
        first = one.start();
        second = other.start();
        first.awaitReady();
        second.awaitReady();
    }

    private PackagedHub.Builder node(String name, Database database) throws IOException {
        return PackagedHub.in(Files.createDirectory(temporary.resolve(name)))
                .openToAll()
                .setting("HERALD_AUTH_SUBSCRIBER_KEY", SECRET)
                .setting("HERALD_AUTH_ADMIN_KEY", SECRET)
                .setting("HERALD_LOG_KIND", "postgres")
                .setting("HERALD_LOG_POSTGRES_URL", database.url())
                .setting("HERALD_LOG_POSTGRES_USER", "postgres");
    }

    @AfterEach
    void stop() throws InterruptedException {
        enough = true;
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        first.close();
        second.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private HttpClient client(PackagedHub hub) {
        URI address = hub.address();
        return vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost(address.getHost()).setDefaultPort(address.getPort()));
    }

    @Test
    void clientsOfAKilledNodeContinueOnAnotherWithoutALossOrADouble() throws Exception {
        EventStream onFirst = EventStream.open(client(first), "/SSE").awaitCount(1);
        EventStream onSecond = EventStream.open(client(second), "/SSE").awaitCount(1);
        List<Future<?>> publishers =
                List.of(threads.submit(() -> publish(first, "a")), threads.submit(() -> publish(second, "b")));
        awaitAnswers();

        first.killAfter(Duration.ZERO);
        firstIsGone = true;
        eventually().until(() -> !onFirst.isOpen());
        EventStream moved = EventStream.open(client(second), "/SSE", Map.of("Last-Event-ID", onFirst.lastEventId()));
        awaitAnswers();
        enough = true;
        for (Future<?> publisher : publishers) {
            publisher.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        post(second, LAST);

        List<Message> whole = replay(second);
        eventually().until(() -> onSecond.data().contains(LAST));
        eventually().until(() -> moved.data().contains(LAST));
        List<Message> hopping = new ArrayList<>(events(onFirst));
        hopping.addAll(events(moved));
        assertThat(events(onSecond)).isEqualTo(whole);
        assertThat(hopping).isEqualTo(whole);
        assertThat(whole).extracting(Message::data).doesNotHaveDuplicates();
        assertThat(whole).extracting(Message::id).containsAll(answers);
        assertThat(failures).as("answers but 200").isEmpty();
        restartedNodeServesTheSame(whole);
    }

    @Test
    void revocationAndDeletionReachTheOtherNode() throws Exception {
        TokenMint mint = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8));
        Map<String, String> eve = bearer(mint, "{\"sub\":\"eve\",\"mercure\":{\"subscribe\":[\"*\"]}}");
        Map<String, String> admin = bearer(mint, "{\"sub\":\"root\",\"mercure\":{\"admin\":true}}");
        EventStream onSecond = EventStream.open(client(second), "/SSE", eve).awaitCount(1);
        post(first, "\"to be deleted\"");
        post(first, LAST);

        HttpResponse<String> revoked = send(first, admin, "POST", "/admin/revocations", "subject=eve&until=4102444800");
        String id = answers.peek();
        HttpResponse<String> deleted = send(first, admin, "DELETE", "/admin/events?id=" + id, "");

        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(200);
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        eventually().until(() -> !onSecond.isOpen());
        assertThat(send(second, eve, "GET", "/SSE", "").statusCode()).isEqualTo(401);
        eventually().until(() -> replay(second).size() == 1);
        assertThat(replay(second)).isEqualTo(replay(first));
    }

    private static Map<String, String> bearer(TokenMint mint, String claims) {
        return Map.of("Authorization", "Bearer " + mint.token(claims));
    }

    private static HttpResponse<String> send(
            PackagedHub hub, Map<String, String> headers, String method, String path, String form)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(hub.address().resolve(path))
                .method(method, BodyPublishers.ofString(form))
                .header("Content-Type", "application/x-www-form-urlencoded");
        headers.forEach(request::header);
        return hub.send(request);
    }

    private void restartedNodeServesTheSame(List<Message> whole) throws Exception {
        first = one.start();
        first.awaitReady();

        assertThat(replay(first)).isEqualTo(whole);
        EventStream onFirst = EventStream.open(client(first), "/SSE").awaitCount(1);
        post(second, "\"for the other\"");
        eventually().until(() -> onFirst.data().contains("\"for the other\""));
        assertThat(Container.warnings(one.output() + other.output()))
                .allMatch(line -> line.contains("The database has no synchronous standby"));
    }

    private void awaitAnswers() {
        int target = answers.size() + ANSWERS_A_STEP;
        eventually().until(() -> answers.size() >= target);
    }

    private void publish(PackagedHub hub, String name) {
        PackagedHub target = hub;
        for (int n = 0; !enough; n++) {
            try {
                post(target, "\"" + name + n + "\"");
            } catch (IOException cut) {
                // Whether it was stored is unknown.
                eventually().until(() -> firstIsGone);
                target = second;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void post(PackagedHub hub, String data) throws IOException, InterruptedException {
        HttpResponse<String> answer = hub.post("/message", "application/json", data);
        if (answer.statusCode() == 200) {
            answers.add(answer.headers().firstValue("Event-ID").orElseThrow());
        } else {
            failures.add(answer.statusCode() + answer.body());
        }
    }

    private List<Message> replay(PackagedHub hub) {
        try (EventStream all = EventStream.open(client(hub), "/SSE?lastEventID=earliest")) {
            eventually().until(() -> all.data().contains(LAST));
            return events(all);
        }
    }

    /** What was received, except for the first block. */
    private static List<Message> events(EventStream stream) {
        return stream.messages().stream()
                .filter(message -> !message.data().equals("{}"))
                .toList();
    }
}
