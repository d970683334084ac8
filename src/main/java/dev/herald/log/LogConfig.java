package dev.herald.log;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the log: storage and retention. */
@ConfigMapping(prefix = "herald.log")
public interface LogConfig {

    /** Storage of the events. */
    @WithDefault("file")
    Kind kind();

    /** File log on this machine. */
    File file();

    /** Retention for replay. The first limit reached applies; a limit set to nothing is off. */
    Retention retention();

    /**
     * Memory for the newest events, in bytes, which serve streams without reading the log. At most a twelfth of the
     * heap.
     */
    @WithDefault("32M")
    MemorySize recentBytes();

    /** Kinds of log. */
    enum Kind {
        /** Directory on this machine: survives restarts and crashes of the process. */
        FILE,
        /** Memory of this process: lost when it ends. */
        MEMORY
    }

    /** Failures that an acknowledged update survives. */
    enum Durability {
        /** End of the process, however sudden; a failure of the machine may lose the last updates. */
        COMMIT,
        /** Power failure too, if the disk honours flushes. Each batch of updates waits for the disk. */
        FORCE
    }

    /** Configuration of the file log. */
    interface File {

        /** Directory, created if missing; one process at a time. */
        @WithDefault("data")
        String path();

        /** Failures that an acknowledged update survives. */
        @WithDefault("commit")
        Durability durability();
    }

    /** Retention limits. */
    interface Retention {

        /**
         * Maximum kept events, 1 or more. With the memory log each costs some 300 bytes of heap besides its data, and
         * all together at most a sixth of the heap.
         */
        @WithDefault("1000000")
        Optional<Long> events();

        /** Maximum age of a kept event. The newest event is always kept. */
        @WithDefault("7D")
        Optional<Duration> age();

        /**
         * Maximum sum of the sizes of kept events, in bytes: data, topics, types and ids. The newest event is always
         * kept.
         */
        @WithDefault("1G")
        Optional<MemorySize> bytes();
    }
}
