package dev.herald.auth;

import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jboss.logging.Logger;

import dev.herald.logging.SafeLogger;
import dev.herald.logging.WarningInterval;
import dev.herald.stats.KeyStats;

/**
 * Key source of a file that is changed while the hub runs. New content replaces all keys once two consecutive reads
 * have found it. So a file that is still being written is not used. If the new content cannot be used, or the file
 * cannot be read, the known keys stay in use. Thread-safe; one thread rereads. Decision 210.
 */
final class KeyFile implements KeySource {
    /** Time between two readings. */
    static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(KeyFile.class);

    private static final SafeLogger SAFE_LOG = new SafeLogger(LOG);

    /** In place of a digest, for a file that cannot be read. */
    private static final String UNREADABLE = "";

    private final KeyReader reader;
    private final String path;
    private final Consumer<KeyRing> check;
    private final Clock clock;
    private volatile KeyRing keys;
    private volatile KeyStats stats;

    // Fields of the thread that rereads. Contents are compared by their digests.
    private final WarningInterval interval = new WarningInterval();
    private String used;
    private String newest;
    private String reported;

    /**
     * @param content the file as it was read at the start
     * @param keys the keys in it
     * @param check throws an {@link AuthSettingException} for keys that must not replace the known ones
     */
    KeyFile(
            KeyReader reader,
            String path,
            KeyReader.Content content,
            KeyRing keys,
            Consumer<KeyRing> check,
            Clock clock) {
        this.reader = reader;
        this.path = path;
        this.keys = keys;
        this.check = check;
        this.clock = clock;
        this.stats = KeyStats.read(clock.instant(), true);
        this.used = content.digest();
        this.newest = used;
        this.reported = used;
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        return keys.find(algorithm, keyId);
    }

    @Override
    public KeyStats stats() {
        return stats;
    }

    @Override
    public void reread() {
        try {
            readAgain();
        } catch (Throwable e) {
            unusable();
            if (interval.elapsed()) {
                SAFE_LOG.error("A key file was not read again; its known keys stay in use.", e);
            }
        }
    }

    private void readAgain() {
        String digest = UNREADABLE;
        try {
            KeyReader.Content content = reader.content(path);
            digest = content.digest();
            if (digest.equals(used)) {
                recover();
            } else if (digest.equals(newest)) {
                replace(reader.keys(content));
                used = digest;
                reported = digest;
                confirm();
            }
        } catch (AuthSettingException e) {
            if (digest.equals(newest)) {
                unusable();
                report(digest, e.getMessage());
            }
        }
        newest = digest;
    }

    private void replace(KeyRing next) {
        check.accept(next);
        KeyRing before = keys;
        keys = next;
        LOG.infof(
                "The changed key file is in use. setting=%s keys=%d added=%d removed=%d",
                reader.setting(), next.entries().size(), next.missingFrom(before), before.missingFrom(next));
    }

    private void confirm() {
        stats = KeyStats.read(clock.instant(), true);
    }

    private void unusable() {
        stats = KeyStats.read(stats.confirmed().orElseThrow(), false);
    }

    /** The file has the content in use, perhaps again. */
    private void recover() {
        confirm();
        if (!reported.equals(used)) {
            LOG.infof("The key file can be used again. setting=%s", reader.setting());
            reported = used;
        }
    }

    /** Reports each new problem at once, and a lasting one again after the interval. */
    private void report(String digest, String problem) {
        if (interval.elapsed() || !digest.equals(reported)) {
            LOG.errorf("The key file cannot be used; the known keys stay in use. Correct it: %s.", problem);
            reported = digest;
        }
    }
}
