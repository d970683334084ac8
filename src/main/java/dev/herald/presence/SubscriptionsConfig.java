package dev.herald.presence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may learn who listens (PROTOCOL M40–M43). Both need a token that grants it; nobody learns it without. */
@ConfigMapping(prefix = "herald.subscriptions")
public interface SubscriptionsConfig {

    /** Whether the active subscriptions can be asked for. Costs some 100 bytes a subscription. */
    @WithDefault("true")
    boolean api();

    /** Whether each subscription that begins or ends is published, as a private update that is not kept. */
    @WithDefault("false")
    boolean events();
}
