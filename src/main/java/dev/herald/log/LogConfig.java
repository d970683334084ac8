package dev.herald.log;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Configuration of the log: storage and retention. */
@ConfigMapping(prefix = "herald.log")
public interface LogConfig {

    /**
     * Storage of the events: {@code file} is a directory on this machine, which survives restarts and crashes;
     * {@code memory} is lost when the process ends; {@code postgres} is a PostgreSQL database that several nodes share, of
     * which each has a mirror in the directory of the file log.
     */
    @WithDefault("file")
    Kind kind();

    /** File log on this machine. */
    File file();

    /** Shared log in a PostgreSQL database. */
    Postgres postgres();

    /** Retention for replay. The first limit reached applies; a limit set to nothing is off. */
    Retention retention();

    /**
     * Memory for the newest events, which serve streams without reading the log. Never more than a twelfth of the heap,
     * whatever is set. Less makes more streams read the log.
     */
    @WithDefault("32M")
    @Range(min = "1K", max = "64G")
    MemorySize recentBytes();

    /** Kinds of log. */
    enum Kind {
        /** Directory on this machine: survives restarts and crashes of the process. */
        FILE,
        /** Memory of this process: lost when it ends. */
        MEMORY,
        /** PostgreSQL database, which several nodes share. */
        POSTGRES
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

        /**
         * Directory of the file log, relative to the working directory; created if it is missing, with access for its
         * owner only. One process at a time may have it open. In the images: {@code /data}.
         */
        @WithDefault("data")
        String path();

        /**
         * Failures that an acknowledged update survives. {@code commit}: the end of the process, however sudden. A
         * failure of the machine may lose the last updates. {@code force}: a power failure too, but each batch of
         * updates waits for the disk.
         */
        @WithDefault("commit")
        Durability durability();
    }

    /** Configuration of the shared log. */
    interface Postgres {

        /**
         * Address of the database, the same on all nodes, such as {@code postgresql://host/herald}. With several hosts,
         * {@code postgresql://one,two/herald}, the hub uses the one that accepts writes. {@code ?sslmode=verify-full}
         * encrypts, and verifies the server; {@code sslrootcert}, {@code sslcert} and {@code sslkey} name files. {@code
         * herald.log.kind=postgres} needs it. Default: none.
         */
        Optional<String> url();

        /** Role of the hub. Default: the name of the system's user. */
        Optional<String> user();

        /** Password of the role. Default: none. */
        Optional<String> password();

        /** File with the password of the role, read at each connection. Default: none. */
        Optional<String> passwordFile();

        /**
         * Whether the hub refuses a database without a synchronous standby. Without one, a failover to another standby can
         * lose the updates that were acknowledged last.
         */
        @WithDefault("false")
        boolean requireSync();
    }

    /** Retention limits. */
    interface Retention {

        /**
         * Maximum kept events. Empty: no limit. With the memory log each costs some 300 bytes of heap besides its data,
         * and all together at most about a sixth of the heap. A client that resumes from before the oldest kept event
         * gets a gap.
         */
        @WithDefault("1000000")
        @Range(min = "1", max = "1000000000000")
        Optional<Long> events();

        /** Maximum age of a kept event. The newest event is always kept. Empty: no limit. */
        @WithDefault("7D")
        @Range(min = "1s", max = "3650D")
        Optional<Duration> age();

        /**
         * Maximum sum of the sizes of kept events: data, topics, types and ids. The newest event is always kept. Empty:
         * no limit.
         */
        @WithDefault("1G")
        @Range(min = "1K", max = "64T")
        Optional<MemorySize> bytes();
    }
}
