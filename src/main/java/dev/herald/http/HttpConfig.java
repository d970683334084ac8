package dev.herald.http;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** What the HTTP surface needs to know. */
@ConfigMapping(prefix = "herald")
public interface HttpConfig {

    /** The quick API's topic. */
    TopicSetting topic();

    /** Whose pages may use the hub besides its own. */
    Cors cors();

    /** The quick API's topic. */
    interface TopicSetting {

        /** Topic of a request that names none. */
        @WithName("default")
        @WithDefault("lobby")
        String defaultName();
    }

    /** Whose pages may use the hub besides its own. */
    interface Cors {

        /**
         * Origins such as {@code https://shop.example}, without a path; {@code https://*.shop.example} is every one with
         * exactly one label in place of the star; {@code *} lets every page in, but without credentials. Default: none.
         */
        Optional<List<String>> origins();
    }
}
