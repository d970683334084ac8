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

/** Producer of the access control that the configuration describes. */
@ApplicationScoped
class AuthenticatorProducer {

    @Produces
    @Singleton
    Authenticator authenticator(AuthConfig config, HeapShares heap) {
        try {
            return Authenticator.of(config, heap.tokens(), Clock.systemUTC());
        } catch (AuthSettingException e) {
            // Quarkus prints this exception's message without a stack if it has no cause.
            throw new ConfigurationException("Herald does not start: " + e.getMessage() + ".");
        }
    }

    void close(@Disposes Authenticator authenticator) {
        authenticator.close();
    }
}
