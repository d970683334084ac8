package dev.herald.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Rounds;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static dev.herald.Patience.LIMIT;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of SIGTERM under load: with {@value #SUBSCRIBERS} subscribers, of which some do not read, steady publishing, and
 * requests that are under way. The profile {@code soak} has {@value #SUBSCRIBERS_IN_SOAK}.
 */
class DrainIT {
    private static final int SUBSCRIBERS = 1_000;
    private static final int SUBSCRIBERS_IN_SOAK = 5_000;
    private static final int CONNECTIONS = 5;
    private static final int STALLED = 20;

    /** Longer than a busy machine takes for one request to the probe. */
    private static final Duration NOTICE = Duration.ofSeconds(8);

    /** Longer for more subscribers; with the notice shorter than the deadline of a body, 30 s. */
    private static final Duration DRAIN = Duration.ofSeconds(Rounds.of(8, 15));

    /** Each update reaches all subscribers. */
    private static final int PUBLISHING_MILLIS = Rounds.of(100, 500);

    private static final Duration END = NOTICE.plus(DRAIN).plusSeconds(20);
    private static final String DRAINED = "Drained: the server closes.";

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient clients = new HubClient(HttpClientOptions::new);

    private PackagedHub start() throws IOException {
        return PackagedHub.in(temporary)
                .openToAll()
                .setting("HERALD_DRAIN", DRAIN.toSeconds() + "s")
                .setting("HERALD_DRAIN_NOTICE", NOTICE.toSeconds() + "s")
                .start()
                .awaitReady();
    }

    @Test
    void e8SigtermUnderLoadCutsNoRequestAndEndsStreamsSpreadAfterAllAcceptedUpdates() throws Exception {
        int count = Rounds.of(SUBSCRIBERS, SUBSCRIBERS_IN_SOAK);
        int accepted;
        List<Crowd.Member> members;
        try (PackagedHub hub = start();
                Crowd crowd = new Crowd(hub.address());
                Http2LoadClient stalled = new Http2LoadClient(hub.address(), "127.0.2", 1)) {
            crowd.openHttp2(count * 9 / 10, CONNECTIONS).openHttp1(count / 10);
            assertThat(stalled.send(
                            STALLED, request -> request.setURI("/SSE").send().mapEmpty()))
                    .isEqualTo(Map.of(200, STALLED));
            members = crowd.members();
            try (SteadyPublisher publisher = publisher(hub, "/message", PUBLISHING_MILLIS);
                    SteadyPublisher other = publisher(hub, "/message?topic=other", 10)) {
                eventually().until(() -> crowd.allHave(3));
                int before = publisher.accepted();
                Socket slow = request(hub, "POST /message?topic=slow", "Content-Length: 3\r\n");
                Socket incomplete = request(hub, "POST /message?topic=slow", "Content-Length: 3\r\n");

                hub.signal();

                eventually().until(() -> hub.get("/q/health/ready").statusCode() == 503);
                long downAt = System.nanoTime();
                assertThat(hub.get("/q/health/ready").body()).contains("\"draining\": true");
                rejectsStreamsTemporarily(hub);
                hub.signal();
                slow.getOutputStream().write("123".getBytes(StandardCharsets.US_ASCII));
                assertThat(readToEnd(slow)).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
                assertThat(readToEnd(incomplete))
                        .startsWith("HTTP/1.1 503 ")
                        .containsIgnoringCase("connection: close")
                        .containsIgnoringCase("retry-after: 1")
                        .contains("nothing was published");

                assertThat(hub.awaitEnd()).as(hub.output()).isEqualTo(143);

                assertThat(Duration.ofNanos(System.nanoTime() - downAt)).isLessThan(END);
                eventually().until(() -> members.stream().allMatch(member -> member.endedAt() != 0));
                assertThat(firstEnd(members) - downAt)
                        .as("readiness falls first")
                        .isPositive();
                accepted = publisher.accepted();
                assertThat(accepted).as("published during the drain").isGreaterThan(before + 10);
                for (SteadyPublisher one : List.of(publisher, other)) {
                    assertThat(one.faults()).isEmpty();
                    assertThat(one.acceptedWithClose()).isPositive();
                }
            }
            assertThat(crowd.goAways()).hasSizeGreaterThanOrEqualTo(CONNECTIONS).allSatisfy(goAway -> {
                assertThat(goAway.getErrorCode()).isZero();
                assertThat(goAway.getLastStreamId()).isEqualTo(Integer.MAX_VALUE);
            });
            assertThat(hub.warnings()).isEmpty();
            assertThat(hub.output()).contains(DRAINED + " subscribers=0 unanswered=0");
        }
        endedInGoodOrder(members, accepted);
        endedSpread(members);
        othersFollowAfterTheRestart(members, accepted);
    }

    private static SteadyPublisher publisher(PackagedHub hub, String path, long millis) {
        return new SteadyPublisher(hub.address().resolve(path), Duration.ofMillis(millis), () -> isDrained(hub));
    }

    private static boolean isDrained(PackagedHub hub) {
        try {
            return hub.output().contains(DRAINED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a head, and no body. */
    private static Socket request(PackagedHub hub, String line, String headers) throws IOException {
        URI address = hub.address();
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        String head = line + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readToEnd(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (socket) {
            socket.getInputStream().transferTo(all);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private void rejectsStreamsTemporarily(PackagedHub hub) {
        EventStream quick = clients.open(hub.address().resolve("/SSE").toString());
        assertThat(quick.status()).isEqualTo(200);
        assertThat(quick.awaitEnd()).isTrue();
        assertThat(quick.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(quick.messages()).extracting(Message::type).containsExactly("end");

        EventStream mercure = clients.open(
                hub.address().resolve("/.well-known/mercure?topic=a").toString());
        assertThat(mercure.status()).isEqualTo(200);
        assertThat(mercure.awaitEnd()).isTrue();
        assertThat(mercure.retryMillis()).isBetween(2_000L, 4_000L);
        assertThat(mercure.messages()).isEmpty();
    }

    private static void endedInGoodOrder(List<Crowd.Member> members, int accepted) {
        assertThat(members).allSatisfy(member -> {
            assertThat(member.endedOrderly()).isTrue();
            assertThat(member.end()).startsWith("{\"reason\":\"draining\"");
            assertThat(member.retryMillis()).isBetween(2_000L, 4_000L);
            assertThat(member.received()).isBetween(3, accepted);
        });
        assertThat(members.stream().map(Crowd.Member::retryMillis).distinct())
                .as("each has a hint of its own")
                .hasSizeGreaterThan(members.size() / 5);
    }

    private static long firstEnd(List<Crowd.Member> members) {
        return members.stream().mapToLong(Crowd.Member::endedAt).min().orElseThrow();
    }

    /** The last stream ends half of the drain after the first or later, and others between, even on a busy machine. */
    private static void endedSpread(List<Crowd.Member> members) {
        long first = firstEnd(members);
        long last = members.stream().mapToLong(Crowd.Member::endedAt).max().orElseThrow();
        Map<Long, Long> tenths = members.stream()
                .collect(Collectors.groupingBy(
                        member -> Math.min(9, 10 * (member.endedAt() - first) / (last - first)),
                        TreeMap::new,
                        Collectors.counting()));

        assertThat(Duration.ofNanos(last - first)).isGreaterThan(DRAIN.dividedBy(2));
        assertThat(tenths).as("ends in each tenth").hasSizeGreaterThan(5);
        assertThat(tenths.values()).as("no crowd in %s", tenths).allMatch(ends -> ends < members.size() / 2);
    }

    /** A client that resumes by the cursor of its end misses nothing. */
    private void othersFollowAfterTheRestart(List<Crowd.Member> members, int accepted) throws Exception {
        try (PackagedHub hub = start()) {
            String stream = hub.address().resolve("/SSE?lastEventID=").toString();
            EventStream all = clients.open(stream + "earliest");
            assertThat(all.awaitCount(1 + accepted).data()).hasSize(accepted);
            for (int i = 0; i < members.size(); i += members.size() / 10) {
                Crowd.Member member = members.get(i);
                EventStream rest = clients.open(stream + URLEncoder.encode(member.lastId(), StandardCharsets.UTF_8));
                assertThat(rest.awaitCount(1 + accepted - member.received()).data())
                        .isEqualTo(all.data().subList(member.received(), accepted));
            }
        }
    }
}
