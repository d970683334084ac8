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
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M41: a grant for some subscriptions cannot list more through other spellings of the path. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class SubscriptionPathTest {
    private static final String ALL = Request.MERCURE + "/subscriptions";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String mine = "mine" + UUID.randomUUID();
    private final String theirs = "https://example.com/" + UUID.randomUUID();

    /** Suffixes of a path that might bypass its check. */
    private static final List<String> DETOURS = List.of(
            "/",
            "//",
            "/.",
            "/./",
            "/%2e",
            "/x/..",
            "/x/../",
            "/%2e%2e/subscriptions",
            ";",
            ";a=b",
            "/;",
            "/;a=b",
            "?",
            "?x=1",
            "/?x=1",
            "/%2F",
            "/%00",
            "/%20",
            "/ ",
            "%2F",
            "#",
            "/#");

    @Test
    void partialGrantCannotListAllSubscriptions() {
        openBoth();
        String[] grants = {
            ALL + "/{topic}", ALL + "/{topic}/{subscriber}", ALL + "/" + mine + "{/subscriber}", ALL + "/"
        };

        assertNothingOf(theirs, ALL, grants);
        assertThat(ask(ALL, ALL).body()).contains(theirs, mine);
    }

    @Test
    void singleSubscriptionGrantCannotListTopic() {
        openBoth();
        String path = ALL + "/" + Request.escaped(theirs);

        assertNothingOf(
                theirs, path, path + "/{subscriber}", path + "/", ALL + "/" + mine, ALL + "/" + mine + "/{subscriber}");
        assertThat(ask(path, path).body()).contains(theirs).doesNotContain(mine);
        assertThat(ask(path, ALL + "/{topic}").body()).contains(theirs).doesNotContain(mine);
    }

    @Test
    void grantOfOneTopicCannotListAnother() {
        openBoth();
        String path = ALL + "/" + Request.escaped(theirs);
        SoftAssertions all = new SoftAssertions();

        for (String detour : List.of(
                ALL + "/" + mine + "/../" + Request.escaped(theirs),
                ALL + "/" + mine + "/%2e%2e/" + Request.escaped(theirs),
                ALL + "/" + mine + "/%2E%2E%2F" + Request.escaped(theirs),
                ALL + "/" + mine + ";/" + Request.escaped(theirs),
                ALL + "/" + mine + "/..;/" + Request.escaped(theirs))) {
            Answer answer = ask(detour, ALL + "/" + mine + "{+rest}");
            all.assertThat(answer.body()).as(detour).doesNotContain(theirs);
        }

        all.assertAll();
        assertThat(ask(path, path).body()).contains(theirs);
    }

    @Test
    void differentlyEscapedPathsAreEqual() {
        openBoth();
        String lowerCase = ALL + "/" + Request.escaped(theirs).replace("%3A", "%3a");

        assertThat(ask(lowerCase, lowerCase).body()).contains(theirs);
        assertThat(ask(lowerCase, ALL + "/" + Request.escaped(theirs)).body()).contains(theirs);
    }

    private void openBoth() {
        hub.open(Request.MERCURE + "?topic=" + mine);
        hub.open(Request.MERCURE + "?topic=" + Request.escaped(theirs));
        // A subscription is listed after the head of its stream was sent.
        eventually().untilAsserted(() -> assertThat(ask(ALL, ALL).body()).contains(theirs, mine));
    }

    private static void assertNothingOf(String secret, String path, String... grants) {
        SoftAssertions all = new SoftAssertions();
        for (String grant : grants) {
            for (String detour : DETOURS) {
                Answer answer = ask(path + detour, grant);
                all.assertThat(answer.text())
                        .as("%s with %s", path + detour, grant)
                        .doesNotContain(secret);
            }
            all.assertThat(ask(path, grant).status())
                    .as("%s with %s", path, grant)
                    .isEqualTo(403);
        }
        all.assertAll();
    }

    private static Answer ask(String target, String grant) {
        return Request.get(target).bearer(Tokens.subscriber(grant)).send();
    }
}
