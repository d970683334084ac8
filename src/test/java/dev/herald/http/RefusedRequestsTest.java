package dev.herald.http;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.logging.Level;
import java.util.stream.IntStream;

import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.MovingClock;
import dev.herald.auth.Authenticator;
import dev.herald.auth.Authenticators;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;

/** Refused requests leave one line for each kind. */
class RefusedRequestsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(RefusedRequests.class.getName(), Level.INFO);

    private final Authenticator authenticator = Authenticators.authenticator(new MovingClock(), "herald.open=true");
    private final RefusedRequests refused = new RefusedRequests(new Rejections(), authenticator);

    @Test
    void floodOfOneKindIsOneLine() {
        IntStream.range(0, 1_000).forEach(i -> refused.record(HttpMethod.POST, ProblemType.FOREIGN_ORIGIN));

        assertThat(logged.lines())
                .containsExactly("Requests were refused. request=publish problem=foreign-origin count=1");
    }

    @Test
    void kindsAreThoseOfRequestAndProblem() {
        refused.record(HttpMethod.POST, ProblemType.INSUFFICIENT_SCOPE);
        refused.record(HttpMethod.GET, ProblemType.INSUFFICIENT_SCOPE);
        refused.record(HttpMethod.HEAD, ProblemType.INSUFFICIENT_SCOPE);
        refused.record(HttpMethod.OPTIONS, ProblemType.FOREIGN_ORIGIN);
        refused.record(HttpMethod.GET, 431);

        assertThat(logged.lines())
                .containsExactly(
                        "Requests were refused. request=publish problem=insufficient-scope count=1",
                        "Requests were refused. request=read problem=insufficient-scope count=1",
                        "Requests were refused. request=preflight problem=foreign-origin count=1",
                        "Requests were refused. request=read problem=431 count=1");
    }

    @Test
    void slipsOfAUrlAndLostConnectionsAreNoRefusals() {
        EnumSet.of(
                        ProblemType.NOT_FOUND,
                        ProblemType.METHOD_NOT_ALLOWED,
                        ProblemType.NOT_ACCEPTABLE,
                        ProblemType.INCOMPLETE_BODY,
                        ProblemType.INTERNAL_ERROR)
                .forEach(type -> refused.record(HttpMethod.GET, type));

        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void refusalsOfTheSelfCheckAreNoLines() {
        authenticator.issueSelfCheckToken();
        refused.record(HttpMethod.POST, ProblemType.INVALID_FORM);
        authenticator.revokeSelfCheckToken();
        refused.record(HttpMethod.POST, ProblemType.INVALID_FORM);

        assertThat(logged.lines())
                .containsExactly("Requests were refused. request=publish problem=invalid-form count=1");
    }

    @Test
    void floodOfAllKindsIsALineForEach() {
        for (int i = 0; i < 10; i++) {
            Arrays.stream(ProblemType.values()).forEach(type -> refused.record(HttpMethod.POST, type));
        }

        assertThat(logged.lines()).hasSize(ProblemType.values().length - 5).doesNotHaveDuplicates();
    }
}
