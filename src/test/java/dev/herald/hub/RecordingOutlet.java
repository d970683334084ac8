package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.util.concurrent.EventExecutor;

import dev.herald.Patience;
import dev.herald.event.Frame;

/** An outlet that keeps what it gets, takes as much as it is told to, and notices when the rules are broken. */
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
        loop.submit(() -> subscriber = hub.open(loop, subscription, start, this))
                .syncUninterruptibly();
        return this;
    }

    @Override
    public synchronized void write(List<Frame> written, boolean shared) {
        onLoop();
        if (fails) {
            throw new IllegalStateException("A socket that fails, as a test wants it.");
        }
        if (closed) {
            faults.add("written to after the end");
        }
        if (written.isEmpty()) {
            faults.add("an empty write");
        }
        for (Frame frame : written) {
            frames.add(frame);
            writtenWhileFull += room <= 0 ? frame.size() : 0;
            room -= frame.size();
        }
        if (subscriber != null && resumesWithinWrites) {
            subscriber.resume();
        }
    }

    /** From now on each write fills the socket and empties it again, as one of the kernel's does that takes all at once. */
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

    /** From now on the socket takes nothing. */
    void block() {
        loop.submit(() -> set(true)).syncUninterruptibly();
    }

    /** From now on the socket takes all, and says so. */
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

    /** From now on the socket fails in the worst way, whatever it is asked. */
    synchronized void failWith(Supplier<Error> failure) {
        error = failure;
    }

    /** From now on each write throws. */
    synchronized void failOnWrite() {
        fails = true;
    }

    /** The socket takes so many bytes more before it is full. */
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

    /** The bytes that the lane wrote although the socket was full, in the current allowance. */
    synchronized long writtenWhileFull() {
        return writtenWhileFull;
    }

    synchronized long bytes() {
        return frames.stream().mapToLong(Frame::size).sum();
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Whether the end came without what waited. */
    synchronized boolean wasCut() {
        return cut;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** The data of published events, without the hub's own blocks. */
    List<String> data() {
        return frames().stream()
                .map(Frame::toString)
                .filter(frame -> !frame.contains("\ndata: {}\n") && !frame.startsWith("event: gap"))
                .flatMap(frame -> DATA.matcher(frame).results().map(match -> match.group(1)))
                .toList();
    }

    List<String> gaps() {
        return frames().stream()
                .map(Frame::toString)
                .filter(frame -> frame.startsWith("event: gap"))
                .toList();
    }

    /** What a browser would send as Last-Event-ID now. */
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
