package dev.herald.limit;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.quarkus.runtime.configuration.MemorySize;

/** Configuration of limits. */
public record TestLimits(Of subject, Of address, Duration burst, Optional<List<String>> trustedProxies)
        implements LimitsConfig {
    private static final Duration BURST = Duration.ofSeconds(2);

    public static final Of NONE = new Of(OptionalInt.empty(), Optional.empty(), OptionalInt.empty());

    public static TestLimits of(Of subject, Of address) {
        return new TestLimits(subject, address, BURST, Optional.empty());
    }

    /** Limits of one kind of client. */
    public record Of(
            OptionalInt updatesPerSecond,
            Optional<MemorySize> bytesPerSecond,
            OptionalInt streams,
            OptionalInt connections)
            implements AddressLimits {

        Of(OptionalInt updatesPerSecond, Optional<MemorySize> bytesPerSecond, OptionalInt streams) {
            this(updatesPerSecond, bytesPerSecond, streams, OptionalInt.empty());
        }

        public static Of connections(int limit) {
            return new Of(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.of(limit));
        }

        public static Of updates(int rate) {
            return new Of(OptionalInt.of(rate), Optional.empty(), OptionalInt.empty());
        }

        public static Of bytes(long rate) {
            return new Of(
                    OptionalInt.empty(), Optional.of(new MemorySize(BigInteger.valueOf(rate))), OptionalInt.empty());
        }

        public static Of streams(int limit) {
            return new Of(OptionalInt.empty(), Optional.empty(), OptionalInt.of(limit));
        }

        public Of andBytes(long rate) {
            return new Of(updatesPerSecond, bytes(rate).bytesPerSecond, streams);
        }
    }
}
