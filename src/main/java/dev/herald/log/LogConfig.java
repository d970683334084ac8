package dev.herald.log;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the log keeps, and where. */
@ConfigMapping(prefix = "herald.log")
public interface LogConfig {

    /** Where events are kept. */
    @WithDefault("file")
    Kind kind();

    /** The log in files of this machine. */
    File file();

    /** What is kept for replay. The first bound that is reached counts; one that is set to nothing does not. */
    Retention retention();

    /**
     * Memory for the newest events, in bytes, from which streams are served without asking the log. Never more than a
     * twelfth of the heap.
     */
    @WithDefault("32M")
    MemorySize recentBytes();

    /** The logs there are. */
    enum Kind {
        /** In a directory of this machine: survives restarts and crashes of the process. */
        FILE,
        /** In this process, forgotten when it ends. */
        MEMORY
    }

    /** What an answered update survives. */
    enum Durability {
        /** The end of the process, however sudden; not that of the machine, which may take the last updates with it. */
        COMMIT,
        /** A power cut too, as far as the disk keeps its word. Each batch of updates waits for the disk. */
        FORCE
    }

    /** Where the file log lives, and how safely. */
    interface File {

        /** Its directory, made when it is missing; one process at a time. */
        @WithDefault("data")
        String path();

        /** What an answered update survives. */
        @WithDefault("commit")
        Durability durability();
    }

    /** Bounds of what is kept. */
    interface Retention {

        /**
         * How many events are kept, 1 or more. With the memory log each costs some 300 bytes of heap besides its data,
         * and all together never take more than a sixth of the heap.
         */
        @WithDefault("1000000")
        Optional<Long> events();

        /** How long an event is kept. The newest is kept whatever its age. */
        @WithDefault("7D")
        Optional<Duration> age();

        /**
         * Sum of the sizes of the kept events, in bytes: their data, topics, types and ids. The newest event is kept
         * whatever its size.
         */
        @WithDefault("1G")
        Optional<MemorySize> bytes();
    }
}
