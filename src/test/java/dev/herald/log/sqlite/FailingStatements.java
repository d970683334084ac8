package dev.herald.log.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.sqlite.SQLiteErrorCode;

import dev.herald.log.sqlite.files.ConnectionSource;

/** Source of real connections whose n-th update fails, either before it takes effect or after. */
final class FailingStatements implements ConnectionSource {
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private final boolean afterwards;
    private volatile int lasting;
    private volatile Supplier<? extends Throwable> failure = FailingStatements::diskFailure;

    /** @param afterwards whether the statement fails after it has taken effect */
    FailingStatements(boolean afterwards) {
        this.afterwards = afterwards;
    }

    /** Makes the n-th update from now fail (1 is the next), and {@code more} after it. */
    void failAt(int n, int more) {
        lasting = more;
        left.set(n);
    }

    /** Sets the failure to throw instead of a disk error. */
    void failWith(Supplier<? extends Throwable> reason) {
        failure = reason;
    }

    /** Number of updates left before the failure. */
    int left() {
        return left.get();
    }

    @Override
    public Connection open(Path file) throws SQLException {
        return wrap(Connection.class, ConnectionSource.sqlite().open(file));
    }

    private <T> T wrap(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean fails = method.getName().equals("executeUpdate") && fails();
                    if (fails && !afterwards) {
                        throw failure.get();
                    }
                    Object result = invoke(real, method, arguments);
                    if (fails) {
                        throw failure.get();
                    }
                    if (method.getReturnType() == PreparedStatement.class) {
                        return wrap(PreparedStatement.class, (PreparedStatement) result);
                    }
                    return method.getReturnType() == Statement.class
                            ? wrap(Statement.class, (Statement) result)
                            : result;
                }));
    }

    private boolean fails() {
        int now = left.decrementAndGet();
        return now <= 0 && now >= -lasting;
    }

    private static SQLException diskFailure() {
        return new SQLException("disk I/O error (made by a test)", null, SQLiteErrorCode.SQLITE_IOERR.code);
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
