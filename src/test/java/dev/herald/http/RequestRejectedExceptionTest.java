package dev.herald.http;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.auth.Authenticators;
import dev.herald.auth.Grants;
import dev.herald.auth.TokenMint;

import static org.assertj.core.api.Assertions.assertThat;

/** The detail of a 403 names what was refused and what the token covers, within bounds. */
class RequestRejectedExceptionTest {

    /** Grants of a token with this claim, as JSON. */
    private static Grants grants(String mercure) {
        return grantsOf("{\"mercure\":" + mercure + "}");
    }

    private static Grants grantsOf(String claims) {
        return Authenticators.granted(Authenticators.authenticator(
                        new MovingClock(), "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET)
                .publisher(Optional.of(TokenMint.wellKnown().token(claims))));
    }

    @Test
    void publishDeniedNamesTheTopicAndTheSelectors() {
        assertThat(RequestRejectedException.publishDenied(grants("{\"publish\":[\"a\",\"b/{id}\",\"a\"]}"), "c"))
                .hasMessage("The token's 'mercure.publish' does not cover the topic 'c': nothing was published."
                        + " It covers 'a', 'b/{id}'.");
    }

    @Test
    void accessDeniedNamesThePathAndTheSelectors() {
        assertThat(RequestRejectedException.accessDenied(
                        grants("{\"publish\":[\"*\"],\"subscribe\":[\"a\"]}"), "/figures"))
                .hasMessage("The token's 'mercure.subscribe' does not cover '/figures'. It covers 'a'.");
    }

    @Test
    void tokenWithoutSelectorsCoversNoTopic() {
        assertThat(RequestRejectedException.publishDenied(grants("{}"), "c"))
                .hasMessageEndingWith("nothing was published. It covers no topic.");
    }

    @Test
    void tokenWithoutTheClaimIsRecognized() {
        Grants none = grantsOf("{\"publish\":[\"*\"]}");

        assertThat(RequestRejectedException.publishDenied(none, "c"))
                .hasMessageEndingWith("nothing was published. It has no claim 'mercure'.");
        assertThat(RequestRejectedException.accessDenied(none, "/figures"))
                .hasMessageEndingWith("does not cover '/figures'. It has no claim 'mercure'.");
    }

    @Test
    void longTopicAndManyLongSelectorsAreShortened() {
        // As many as a token has room for.
        String selectors = IntStream.range(0, 20)
                .mapToObj(i -> "\"" + i + "😀".repeat(400) + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        Grants grants = grants("{\"publish\":" + selectors + "}");

        String detail = RequestRejectedException.publishDenied(grants, "x" + "😀".repeat(2_000))
                .getMessage();

        assertThat(detail)
                .hasSizeLessThan(1_000)
                .startsWith("The token's 'mercure.publish' does not cover the topic 'x😀")
                .containsPattern("'4😀+…' and 15 more\\.$");
        assertThat(Problem.of(ProblemType.INSUFFICIENT_SCOPE, detail).detail()).isEqualTo(detail);
        assertThat(detail.codePoints().filter(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                .as("halves of pairs")
                .isEmpty();
    }
}
