package dev.herald;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.AuthSettingException;
import dev.herald.auth.Authenticator;
import dev.herald.memory.HeapShares;

/** Makes the door that the configuration describes. */
@ApplicationScoped
class AccessProducer {

    @Produces
    @Singleton
    Authenticator authenticator(AuthConfig config, HeapShares heap) {
        try {
            return Authenticator.of(config, heap.tokens(), Clock.systemUTC());
        } catch (AuthSettingException e) {
            // Quarkus prints the sentence of this one without a stack, as long as it has no cause.
            throw new ConfigurationException("Herald does not start: " + e.getMessage() + ".");
        }
    }

    void close(@Disposes Authenticator authenticator) {
        authenticator.close();
    }
}
