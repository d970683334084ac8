package dev.herald.http;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** Configuration of the HTTP API. */
@ConfigMapping(prefix = "herald")
public interface HttpConfig {

    /** Topics of the quick API. */
    TopicSetting topic();

    /** Cross-origin access. */
    Cors cors();

    /** Topics of the quick API. */
    interface TopicSetting {

        /** Topic of a quick API request that names none: one line of 1 to 4096 bytes. */
        @WithName("default")
        @WithDefault("lobby")
        String defaultName();
    }

    /** Cross-origin access. */
    interface Cors {

        /**
         * Origins besides the hub's own whose pages may use it, such as {@code https://shop.example}, without a path.
         * {@code https://*.shop.example} matches exactly one label in place of the star. {@code *} admits every page,
         * but without credentials. Default: none.
         */
        Optional<List<String>> origins();
    }
}
