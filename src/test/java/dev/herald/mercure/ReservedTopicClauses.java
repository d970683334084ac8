package dev.herald.mercure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;

import static dev.herald.mercure.MercureHub.PUBLISHER;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of PROTOCOL M14: topics reserved for the hub. */
@OurHubOnly("other spellings of reserved topics rejected, which the draft leaves to the hub")
@Policy("the draft does not reserve topics")
abstract class ReservedTopicClauses extends Clauses {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercure",
                "/.well-known/mercure/",
                "/.well-known/mercure/subscriptions",
                "/.well-known/mercure/subscriptions/a/urn%3Auuid%3Ab",
                "/.well-known/mercure/anything/else",
                "/.well-known/mercure?a=b",
                "/.well-known/mercure#a",
                ".well-known/mercure/subscriptions",
                "https://hub.example/.well-known/mercure",
                "https://hub.example/.well-known/mercure/subscriptions/a/b",
                "https://user:password@hub.example:8443/.well-known/mercure/subscriptions",
                "HTTPS://HUB.EXAMPLE/.well-known/mercure",
                "https://[::1]/.well-known/mercure",
                "https:///.well-known/mercure",
                "//hub.example/.well-known/mercure",
                "ftp://hub.example/.well-known/mercure",
                "file:///.well-known/mercure",
                "/%2Ewell-known/mercure",
                "/%2ewell%2dknown/%6dercure",
                "/.well-known/m%65rcure/subscriptions",
                "/.well-known%2Fmercure",
                "/.well-known/mercure%2fsubscriptions",
                "%2F.well-known%2Fmercure%2Fsubscriptions",
                "/%252Ewell-known/mercure",
                "/.well-known%252Fmercure/subscriptions",
                "/%25252Ewell-known/mercure",
                "https%3A%2F%2Fhub.example%2F.well-known%2Fmercure",
                "/./.well-known/mercure",
                "/.well-known/./mercure/subscriptions",
                "/a/../.well-known/mercure",
                "/../.well-known/mercure",
                "/.well-known/a/../mercure",
                "/.well-known/mercure/../mercure/subscriptions",
                "/%2e/.well-known/mercure",
                "/a/%2E%2E/.well-known/mercure",
                "/a/.%2e/.well-known/mercure",
                "/a/%252e%252e/.well-known/mercure",
                "https://hub.example/a/../.well-known/mercure",
                "/.WELL-KNOWN/MERCURE",
                "/.well-known/Mercure/subscriptions",
                "\\.well-known\\mercure",
                "https:\\\\hub.example\\.well-known\\mercure",
                "/.well-known%5Cmercure",
                "/a\\..\\.well-known/mercure",
                "/.well-known//mercure",
                " /.well-known/mercure/subscriptions",
                "/.well-known/mercure ",
                "%20/.well-known/mercure",
            })
    void m14ReservedTopicGets400InAnySpelling(String reserved) {
        EventStream everything = hub.subscribe(bearer(Tokens.subscriber("*")), topic, reserved);

        for (String form : new String[] {
            form("topic", reserved, "data", "forged"), form("topic", topic, "topic", reserved, "data", "forged")
        }) {
            assertThat(hub.post(form, PUBLISHER).status()).isEqualTo(400);
            assertThat(hub.post(form + "&private=on", PUBLISHER).status()).isEqualTo(400);
        }

        hub.assertReceivedOnly(everything, topic);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercurex",
                "/.well-known/mercure-2/subscriptions",
                "/.well-known/mercur",
                "/.well-known/",
                "/.well-known",
                "/well-known/mercure",
                "/x.well-known/mercure",
                "/mercure",
                "/a/.well-known/mercure",
                "/a/b/../.well-known/mercure",
                "/.well-known/mercure/../other",
                "/.well-known/mercure/../../a",
                "https://hub.example/a/.well-known/mercure/subscriptions",
                "https://hub.example/?u=/.well-known/mercure",
                "https://hub.example/#/.well-known/mercure",
                "https://hub.example/a?b=https://hub.example/.well-known/mercure",
                "https://.well-known/mercure",
                "mercure",
                "subscriptions",
                "{+path}",
                "*",
                "a%2Fb",
                "100%",
                "100%zz",
            })
    void m14SimilarTopicIsNotReserved(String near) {
        // With a unique id, since all runs share these topics.
        String id = "near miss of " + topic;

        assertThat(hub.publish("topic", near, "topic", topic, "data", "1", "id", id))
                .isEqualTo(id);
    }

    @Test
    void m14RejectionNamesTheReason() {
        assertThat(hub.post(form("topic", "/.well-known/mercure/a"), PUBLISHER).body())
                .contains("/.well-known/mercure")
                .contains("choose another");
    }
}
