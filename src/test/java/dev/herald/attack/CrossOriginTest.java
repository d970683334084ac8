package dev.herald.attack;

import java.util.List;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M30: a foreign origin, with every method on every path. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class CrossOriginTest {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY");

    private static final List<String> PLACES = List.of(
            "/",
            "/sse",
            "/SSE",
            "/message",
            "/figures",
            "/index.html",
            "/page/herald.js",
            Request.MERCURE,
            Request.MERCURE + "?topic=t",
            Request.MERCURE + "/subscriptions",
            Request.MERCURE + "/subscriptions/t",
            Request.MERCURE + "/subscriptions/t/s",
            Request.MERCURE + "/nothing",
            "/nothing",
            "/q/health",
            "/q/health/ready");

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Test
    void foreignOriginIsAllowedNowhere() {
        SoftAssertions all = new SoftAssertions();

        for (String place : PLACES) {
            for (String method : METHODS) {
                for (String origin : List.of(GuardedHub.FOREIGN_ORIGIN, "null")) {
                    Answer answer = Request.of(method, place)
                            .header("Origin", origin)
                            .bearer(Tokens.subscriber("*"))
                            .body("application/x-www-form-urlencoded", "topic=t&message=x")
                            .send();
                    all.assertThat(answer.head())
                            .as("%s %s %s", method, place, origin)
                            .doesNotContain("access-control-");
                }
            }
        }

        all.assertAll();
    }

    @Test
    void preflightOfAForeignOriginIsRejected() {
        SoftAssertions all = new SoftAssertions();

        for (String place : PLACES) {
            for (String wanted : METHODS) {
                Answer answer = Request.of("OPTIONS", place)
                        .header("Origin", GuardedHub.FOREIGN_ORIGIN)
                        .header("Access-Control-Request-Method", wanted)
                        .header("Access-Control-Request-Headers", "authorization")
                        .header("Access-Control-Request-Private-Network", "true")
                        .send();
                all.assertThat(answer.head()).as("%s %s", wanted, place).doesNotContain("access-control-");
            }
        }

        all.assertAll();
    }

    @Test
    void foreignOriginPublishesNothingEvenWithAToken() {
        String topic = UUID.randomUUID().toString();
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);
        String[] form = {"topic", topic, "data", "x"};

        for (String origin : List.of(GuardedHub.FOREIGN_ORIGIN, "null", Pages.foreign())) {
            assertThat(Request.publish()
                            .header("Origin", origin)
                            .bearer(Tokens.publisher("*"))
                            .form(form)
                            .send()
                            .status())
                    .isEqualTo(403);
        }

        Answer listed = PublishedUpdates.assertOnly(
                stream,
                Request.publish()
                        .header("Origin", Pages.listed())
                        .bearer(Tokens.publisher("*"))
                        .form(form));
        assertThat(listed.headers("Access-Control-Allow-Origin")).containsExactly(Pages.listed());
    }

    @Test
    void responsesVaryByOrigin() {
        for (String origin : List.of(GuardedHub.FOREIGN_ORIGIN, Pages.listed())) {
            for (String place : List.of(
                    "/SSE",
                    Request.MERCURE + "?topic=t",
                    Request.MERCURE,
                    "/message",
                    Request.MERCURE + "/subscriptions")) {
                Answer answer = Request.get(place).header("Origin", origin).send();

                assertThat(answer.headers("Vary")).as(place).contains("Origin");
            }
        }
    }
}
