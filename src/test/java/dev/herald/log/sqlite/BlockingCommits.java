package dev.herald.log.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.herald.Patience;
import dev.herald.log.sqlite.files.ConnectionSource;

/** Source of real connections, one of whose commits blocks after all its writes. */
final class BlockingCommits implements ConnectionSource {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean holding;

    /** Blocks the next commit. */
    void hold() {
        holding = true;
    }

    /** Waits until the commit is reached. */
    void awaitCommit() {
        await(reached);
    }

    /** Releases it and all later ones. */
    void release() {
        released.countDown();
    }

    @Override
    public Connection open(Path file) throws SQLException {
        return wrap(Connection.class, ConnectionSource.sqlite().open(file));
    }

    private <T> T wrap(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (holding && arguments != null && arguments[0].equals("COMMIT")) {
                        reached.countDown();
                        await(released);
                    }
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    return method.getReturnType() == Statement.class
                            ? wrap(Statement.class, (Statement) result)
                            : result;
                }));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nothing came to it.");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
