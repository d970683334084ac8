package dev.herald;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that a lost buffer is detected, since otherwise passing suites prove nothing. */
class LeakWatchTest {
    private final LeakWatch watch = new LeakWatch();

    @BeforeEach
    void start() {
        watch.start();
    }

    @Test
    void everyBufferIsWatched() {
        assertThat(ResourceLeakDetector.getLevel())
                .as("run the tests with -Dio.netty.leakDetection.level=paranoid, as the build does")
                .isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    private List<String> stop() {
        return watch.stop(getClass().getClassLoader());
    }

    private static void lose() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer().touch(LeakWatch.ON_PURPOSE);
        buffer.retainedDuplicate().release();
    }

    @Test
    void reportsALostBufferAndItsPlace() {
        lose();

        assertThat(stop()).singleElement().asString().contains("LeakWatchTest.lose", LeakWatch.ON_PURPOSE);
    }

    @Test
    void doesNotReportAReleasedBuffer() {
        PooledByteBufAllocator.DEFAULT.directBuffer().release();

        assertThat(stop()).isEmpty();
    }
}
