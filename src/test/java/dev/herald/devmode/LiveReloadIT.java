package dev.herald.devmode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of live reload while streams are open: a change is visible without waiting for a drain.
 *
 * <p>Dev mode checks for changes at a request, but not twice within two seconds. So each test repeats its request until
 * the change is visible.
 */
class LiveReloadIT {
    private static final String RESOURCE = "src/main/java/dev/herald/web/quick/MessageResource.java";
    private static final String PAGE = "src/main/resources/META-INF/resources/index.html";
    private static final Duration RELOAD_DEADLINE = Duration.ofSeconds(90);

    /**
     * Enough streams to detect a drain: spread over 10 s, the chance that all of them end in the first 6 s is less than
     * one in ten million million.
     */
    private static final int STREAMS = 60;

    private static final Duration AT_ONCE = Duration.ofSeconds(6);

    @TempDir
    private static Path project;

    private static DevMode dev;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    /** Opens a stream of the default topic, and returns once it is live. */
    private EventStream open() {
        return subscribers.open(dev.hub().resolve("/SSE").toString()).awaitCount(1);
    }

    @BeforeAll
    static void start() throws IOException {
        dev = DevMode.start(project);
    }

    @AfterAll
    static void stop() {
        if (dev != null) {
            dev.close();
        }
    }

    @Test
    void showsAChangedClass() throws IOException {
        String answer = changeTheAnswer();

        awaitAnswer(answer);
    }

    @Test
    void showsAChangedPageUnderBothItsNames() throws IOException {
        String mark = "<!-- changed -->";

        dev.edit(PAGE, page -> page + mark);

        await().atMost(RELOAD_DEADLINE).until(() -> dev.get("/").contains(mark));
        await().atMost(RELOAD_DEADLINE).until(() -> dev.get("/sse").contains(mark));
    }

    @Test
    void endsOpenStreamsAtOnceAndOrderly() throws Exception {
        List<EventStream> streams = Stream.generate(this::open).limit(STREAMS).toList();
        int stops = dev.stops().size();

        awaitAnswer(changeTheAnswer());

        assertThat(streams).allMatch(EventStream::awaitEnd);
        assertThat(dev.stops()).as("durations of the stops").hasSize(stops + 1);
        assertThat(dev.stops().get(stops)).isLessThan(AT_ONCE);
    }

    @Test
    void isLiveAgainForAReconnectingClient() throws Exception {
        EventStream before = open();
        awaitAnswer(changeTheAnswer());
        assertThat(before.awaitEnd()).isTrue();

        try (EventStream after = open()) {
            dev.publish("after the reload");

            assertThat(after.awaitCount(2).data()).containsExactly("{\"message\":\"after the reload\"}");
        }
    }

    /** Changes the hub's response to publishers, in its source, to a new text. */
    private static String changeTheAnswer() throws IOException {
        String answer = "success " + System.nanoTime();
        dev.edit(RESOURCE, source -> source.replaceFirst("\"success[^\"]*\"", '"' + answer + '"'));
        return answer;
    }

    private static void awaitAnswer(String answer) {
        await().atMost(RELOAD_DEADLINE).until(() -> dev.publish("changed?").equals(answer));
    }
}
