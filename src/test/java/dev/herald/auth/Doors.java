package dev.herald.auth;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.herald.Patience;
import dev.herald.memory.MemoryBudget;

/** Authenticators from settings as an operator writes them. */
final class Doors {
    private Doors() {}

    /** @param settings such as {@code herald.open=true} */
    static Authenticator door(Clock clock, String... settings) {
        return Authenticator.of(config(settings), MemoryBudget.unlimited(), clock);
    }

    static AuthConfig config(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            values.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(AuthConfig.class);
    }

    /** What the door lets the bearer do. */
    static Grants granted(CompletionStage<Grants> answer) {
        return Patience.done(answer);
    }

    /** Why the door stays shut: what the stage itself failed with. */
    static Throwable refusal(CompletionStage<Grants> answer) {
        Throwable[] refusal = new Throwable[1];
        Optional<Grants> grants = Patience.done(answer.handle((granted, failure) -> {
            refusal[0] = failure;
            return Optional.ofNullable(granted);
        }));
        if (grants.isPresent()) {
            throw new AssertionError("The token was accepted.");
        }
        if (refusal[0] instanceof CompletionException) {
            throw new AssertionError("An exception stands around the refusal.", refusal[0]);
        }
        return refusal[0];
    }
}
