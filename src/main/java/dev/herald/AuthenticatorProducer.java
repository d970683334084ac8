package dev.herald;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.AuthSettingException;
import dev.herald.auth.Authenticator;
import dev.herald.identity.Revocations;
import dev.herald.memory.HeapShares;

/** Producer of the access control that the configuration describes. */
@ApplicationScoped
class AuthenticatorProducer {
    /** Rereads key files; without one, it has no thread. */
    private final ScheduledExecutorService keyFiles =
            Executors.newSingleThreadScheduledExecutor(AuthenticatorProducer::thread);

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "herald-key-files");
        thread.setDaemon(true);
        return thread;
    }

    /** Filled by {@link EventLogProducer}, before the first request. */
    @Produces
    @Singleton
    Revocations revocations(HeapShares heap) {
        return new Revocations(heap.revocationBytes(), Clock.systemUTC());
    }

    @Produces
    @Singleton
    Authenticator authenticator(AuthConfig config, HeapShares heap, Revocations revocations) {
        try {
            Authenticator authenticator = Authenticator.of(config, heap.tokens(), Clock.systemUTC(), revocations);
            if (hasKeyFile(config.auth().publisher())
                    || hasKeyFile(config.auth().subscriber())
                    || hasKeyFile(config.auth().admin())) {
                long period = Authenticator.REREAD_PERIOD.toMillis();
                keyFiles.scheduleWithFixedDelay(authenticator::rereadKeys, period, period, TimeUnit.MILLISECONDS);
            }
            return authenticator;
        } catch (AuthSettingException e) {
            // Quarkus prints this exception's message without a stack if it has no cause.
            throw new ConfigurationException("Herald does not start: " + e.getMessage() + ".");
        }
    }

    private static boolean hasKeyFile(AuthConfig.Keys keys) {
        return keys.keyFile().isPresent();
    }

    void close(@Disposes Authenticator authenticator) {
        keyFiles.shutdownNow();
        authenticator.close();
    }
}
