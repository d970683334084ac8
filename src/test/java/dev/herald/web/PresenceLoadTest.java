package dev.herald.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.hub.Hub;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of presence (PROTOCOL M40–M43) while very many subscriptions start and end. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class PresenceLoadTest {
    private static final int WAVES = 4;
    private static final int STREAMS_A_WAVE = 500;
    private static final int ALL = WAVES * STREAMS_A_WAVE;
    private static final String SUBSCRIPTIONS = Request.MERCURE + "/subscriptions";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final HubClient client = new HubClient();

    @Inject
    Hub hub;

    @Inject
    ActiveSubscriptions active;

    private final String topic = "crowd/" + UUID.randomUUID();
    private final String path = SUBSCRIPTIONS + "/" + Request.escaped(topic);

    @Test
    void eachSubscriptionIsReportedOnceAtItsStartAndOnceAtItsEnd() throws IOException {
        Map<String, String> token = Map.of("Authorization", "Bearer " + Tokens.subscriber(path + "{/subscriber}"));
        EventStream watcher = client.open(Request.MERCURE + "?topic=" + Request.escaped(path + "/{subscriber}"), token);
        List<EventStream> open = new ArrayList<>();

        for (int wave = 0; wave < WAVES; wave++) {
            open.addAll(IntStream.range(0, STREAMS_A_WAVE)
                    .parallel()
                    .mapToObj(i -> client.open(Request.MERCURE + "?topic=" + Request.escaped(topic)))
                    .toList());
            // Some of each age close, some stay open.
            List<EventStream> leaving = open.subList(0, open.size() / 2);
            leaving.forEach(EventStream::close);
            leaving.clear();
        }
        eventually().untilAsserted(() -> assertThat(reported(watcher, false)).hasSize(ALL - open.size()));

        assertThat(reported(watcher, true)).hasSize(ALL).doesNotHaveDuplicates();
        assertThat(reported(watcher, false)).doesNotHaveDuplicates();
        assertThat(listed()).hasSize(open.size()).containsExactlyInAnyOrderElementsOf(staying(watcher));

        open.forEach(EventStream::close);
        eventually().untilAsserted(() -> assertThat(reported(watcher, false)).hasSize(ALL));

        assertThat(reported(watcher, false)).containsExactlyInAnyOrderElementsOf(reported(watcher, true));
        assertThat(firstStates(watcher))
                .as("the first report of each subscription")
                .containsOnly(true);
        assertThat(listed()).isEmpty();
        watcher.close();
        eventually().untilAsserted(() -> assertThat(active.all()).isEmpty());
        assertThat(hub.subscribers()).isZero();
    }

    /** Paths of the subscriptions reported to the watcher as started or as ended. */
    private static List<String> reported(EventStream watcher, boolean active) {
        return watcher.messages().stream()
                .map(PresenceLoadTest::json)
                .filter(document -> document.get("active").booleanValue() == active)
                .map(document -> document.get("id").textValue())
                .toList();
    }

    private static Set<String> staying(EventStream watcher) {
        Set<String> staying = new HashSet<>(reported(watcher, true));
        reported(watcher, false).forEach(staying::remove);
        return staying;
    }

    private static List<Boolean> firstStates(EventStream watcher) {
        Set<String> seen = new HashSet<>();
        return watcher.messages().stream()
                .map(PresenceLoadTest::json)
                .filter(document -> seen.add(document.get("id").textValue()))
                .map(document -> document.get("active").booleanValue())
                .toList();
    }

    private List<String> listed() throws IOException {
        String answer = Request.get(path).bearer(Tokens.subscriber(path)).send().body();
        List<String> ids = new ArrayList<>();
        JSON.readTree(answer)
                .get("subscriptions")
                .forEach(one -> ids.add(one.get("id").textValue()));
        return ids;
    }

    private static JsonNode json(Message message) {
        try {
            return JSON.readTree(message.data());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
