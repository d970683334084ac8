package dev.herald.auth;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.herald.Patience;
import dev.herald.identity.Revocations;
import dev.herald.memory.MemoryBudget;

/** Authenticators from settings as an operator writes them. */
public final class Authenticators {
    private Authenticators() {}

    /** @param settings such as {@code herald.open=true} */
    public static Authenticator authenticator(Clock clock, String... settings) {
        return authenticator(clock, Revocations.none(), settings);
    }

    /** @param settings such as {@code herald.open=true} */
    public static Authenticator authenticator(Clock clock, Revocations revocations, String... settings) {
        return Authenticator.of(config(settings), MemoryBudget.unlimited(), clock, revocations);
    }

    public static AuthConfig config(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            values.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(AuthConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(AuthConfig.class);
    }

    /** The grants, once they are known. */
    public static Grants granted(CompletionStage<Grants> answer) {
        return Patience.done(answer);
    }

    /** The exception with which the stage failed, which must not be wrapped. */
    public static Throwable rejection(CompletionStage<Grants> answer) {
        Throwable[] rejection = new Throwable[1];
        Optional<Grants> grants = Patience.done(answer.handle((granted, failure) -> {
            rejection[0] = failure;
            return Optional.ofNullable(granted);
        }));
        if (grants.isPresent()) {
            throw new AssertionError("The token was accepted.");
        }
        if (rejection[0] instanceof CompletionException) {
            throw new AssertionError("The rejection is wrapped.", rejection[0]);
        }
        return rejection[0];
    }
}
