package dev.herald.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.concurrent.EventExecutor;

import dev.herald.Patience;
import dev.herald.event.Frame;

/**
 * Outlet that records frames, accepts a configurable number of bytes, and reports violations of the outlet's contract.
 */
final class RecordingOutlet implements Outlet {
    private static final Pattern DATA = Pattern.compile("^data: (.*)$", Pattern.MULTILINE);
    private static final Pattern ID = Pattern.compile("^id: (.*)$", Pattern.MULTILINE);

    private final EventExecutor loop;
    private final List<Frame> frames = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private Subscriber subscriber;
    private boolean blocked;
    private boolean closed;
    private boolean resumesWithinWrites;
    private long room = Long.MAX_VALUE;
    private long writtenWhileFull;
    private long largestWrite;
    private long blockedSince;
    private boolean cut;
    private boolean fails;
    private Supplier<Error> error;

    RecordingOutlet(EventExecutor loop) {
        this.loop = loop;
    }

    RecordingOutlet open(Hub hub, Subscription subscription) {
        return open(hub, subscription, Patience.done(hub.locate(subscription, loop, () -> false)));
    }

    RecordingOutlet open(Hub hub, Subscription subscription, StartPosition start) {
        loop.submit(() -> openOnLoop(hub, subscription, start)).syncUninterruptibly();
        return this;
    }

    /** Must be called on the loop. */
    void openOnLoop(Hub hub, Subscription subscription, StartPosition start) {
        subscriber = hub.open(loop, subscription, start, this);
    }

    @Override
    public synchronized void write(List<Frame> written, boolean shared) {
        onLoop();
        if (fails) {
            throw new IllegalStateException("Socket failure injected by the test.");
        }
        if (closed) {
            faults.add("written to after the end");
        }
        if (written.isEmpty()) {
            faults.add("an empty write");
        }
        largestWrite =
                Math.max(largestWrite, written.stream().mapToLong(Frame::size).sum());
        for (Frame frame : written) {
            frames.add(frame);
            writtenWhileFull += room <= 0 ? frame.size() : 0;
            room -= frame.size();
        }
        if (subscriber != null && resumesWithinWrites) {
            subscriber.resume();
        }
    }

    /** Makes each write fill the socket and drain it at once, like a kernel that accepts everything. */
    synchronized RecordingOutlet resumeWithinWrites() {
        resumesWithinWrites = true;
        return this;
    }

    @Override
    public synchronized boolean writable() {
        onLoop();
        check();
        return !blocked && room > 0 && !closed;
    }

    @Override
    public synchronized void close() {
        onLoop();
        closed = true;
    }

    @Override
    public synchronized long pendingBytes() {
        onLoop();
        return writtenWhileFull;
    }

    @Override
    public synchronized long stalledNanos(long now) {
        onLoop();
        check();
        return blocked ? now - blockedSince : 0;
    }

    @Override
    public synchronized void cut() {
        onLoop();
        cut = true;
        closed = true;
    }

    private void onLoop() {
        if (!loop.inEventLoop()) {
            faults.add("used by " + Thread.currentThread().getName());
        }
    }

    /** Makes the socket accept nothing. */
    void block() {
        loop.submit(() -> set(true)).syncUninterruptibly();
    }

    /** Makes the socket accept some bytes in each period, and never all. */
    void progressEvery(Duration period) {
        loop.scheduleAtFixedRate(() -> set(true), 0, period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Makes the socket accept everything and signals that it is writable. */
    void unblock() {
        loop.submit(() -> {
                    set(false);
                    subscriber.resume();
                })
                .syncUninterruptibly();
    }

    private synchronized void set(boolean now) {
        blocked = now;
        blockedSince = System.nanoTime();
    }

    private void check() {
        if (error != null) {
            throw error.get();
        }
    }

    /** Makes every call of the socket throw. */
    synchronized void failWith(Supplier<Error> failure) {
        error = failure;
    }

    /** Makes each write throw. */
    synchronized void failOnWrite() {
        fails = true;
    }

    /** Lets the socket accept this many more bytes. */
    void allow(long bytes) {
        loop.submit(() -> {
                    setRoom(bytes);
                    subscriber.resume();
                })
                .syncUninterruptibly();
    }

    private synchronized void setRoom(long bytes) {
        room = bytes;
        writtenWhileFull = 0;
    }

    void cancel() {
        subscriber.cancel();
    }

    synchronized List<Frame> frames() {
        return List.copyOf(frames);
    }

    /** Bytes written by the lane while the socket was full, in the current allowance. */
    synchronized long writtenWhileFull() {
        return writtenWhileFull;
    }

    /** Size of the largest write, in bytes. */
    synchronized long largestWrite() {
        return largestWrite;
    }

    synchronized long bytes() {
        return frames.stream().mapToLong(Frame::size).sum();
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Whether the stream was closed without its pending bytes. */
    synchronized boolean wasCut() {
        return cut;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Data of published events, without the hub's own blocks. */
    List<String> data() {
        return frames().stream()
                .map(Frame::toString)
                .filter(frame -> !frame.contains("\ndata: {}\n")
                        && !frame.startsWith("event: gap")
                        && !frame.contains("event: end\n"))
                .flatMap(frame -> DATA.matcher(frame).results().map(match -> match.group(1)))
                .toList();
    }

    List<String> gaps() {
        return frames().stream()
                .map(Frame::toString)
                .filter(frame -> frame.startsWith("event: gap"))
                .toList();
    }

    /** The Last-Event-ID that a browser would send now. */
    String lastId() {
        String last = null;
        for (Frame frame : frames()) {
            Matcher matcher = ID.matcher(frame.toString());
            if (matcher.find()) {
                last = matcher.group(1);
            }
        }
        return last;
    }
}
