package dev.herald.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the log keeps, and where. */
@ConfigMapping(prefix = "herald.log")
public interface LogConfig {

    /** Where events are kept. {@code memory}: in this process, forgotten when it ends. */
    @WithDefault("memory")
    Kind kind();

    /** What is kept for replay. The first bound that is reached counts. */
    Retention retention();

    /** Memory for the newest events, from which streams are served without asking the log. */
    @WithDefault("32M")
    MemorySize recentBytes();

    /** The logs there are. */
    enum Kind {
        /** A bounded log in this process. */
        MEMORY
    }

    /** Bounds of what is kept. */
    interface Retention {

        /**
         * How many events are kept, 1 or more. With the memory log each costs some 500 bytes of heap besides its data,
         * and all together never take more than half of the heap.
         */
        @WithDefault("1000000")
        long events();

        /**
         * Sum of the sizes of the kept events, in bytes as they go over the wire. The newest event is kept whatever its
         * size.
         */
        @WithDefault("1G")
        MemorySize bytes();
    }
}
