package dev.herald.presence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the subscription API and events (PROTOCOL M40–M43). Both require a token that grants access. */
@ConfigMapping(prefix = "herald.subscriptions")
public interface SubscriptionsConfig {

    /** Whether the active subscriptions can be read. Costs some 100 bytes a subscription. */
    @WithDefault("true")
    boolean api();

    /** Whether the begin and end of each subscription is published, as a private transient update. */
    @WithDefault("false")
    boolean events();
}
