package dev.herald;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.herald.auth.AuthConfig;
import dev.herald.connection.ConnectionConfig;
import dev.herald.http.HttpConfig;
import dev.herald.http.PublishConfig;
import dev.herald.hub.SseConfig;
import dev.herald.limit.LimitsConfig;
import dev.herald.log.LogConfig;
import dev.herald.ops.ReadyConfig;
import dev.herald.presence.SubscriptionsConfig;
import dev.herald.settings.Schema;
import dev.herald.tracing.TracingConfig;
import dev.herald.web.admin.AdminConfig;

/**
 * All interfaces with settings, named twice: the annotation makes them readable in a native image. A test compares
 * both with the interfaces that exist.
 */
@RegisterForReflection(
        targets = {
            AdminConfig.class,
            AuthConfig.class,
            ConnectionConfig.class,
            DrainConfig.class,
            HttpConfig.class,
            LimitsConfig.class,
            LogConfig.class,
            PublishConfig.class,
            ReadyConfig.class,
            SseConfig.class,
            StartConfig.class,
            SubscriptionsConfig.class,
            TracingConfig.class
        })
final class ConfigInterfaces {
    static final List<Class<?>> ALL = List.of(
            AdminConfig.class,
            AuthConfig.class,
            ConnectionConfig.class,
            DrainConfig.class,
            HttpConfig.class,
            LimitsConfig.class,
            LogConfig.class,
            PublishConfig.class,
            ReadyConfig.class,
            SseConfig.class,
            StartConfig.class,
            SubscriptionsConfig.class,
            TracingConfig.class);

    private ConfigInterfaces() {}

    /** Reads the settings of all interfaces. */
    static Schema schema() {
        return Schema.of(ALL);
    }
}
