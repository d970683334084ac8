package dev.herald;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import static org.assertj.core.api.Assertions.fail;

/**
 * A test of behaviour that a later issue brings. The test runs, and an assertion in it must fail. Once the behaviour is
 * right the build fails, until the annotation is removed: so the test cannot rot, and the issue cannot be forgotten.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AwaitingIssue.ExpectedFailure.class)
public @interface AwaitingIssue {
    /** Title of the issue. */
    String value();

    /** Turns a failed assertion into success, and success into a failure. Other failures stay what they are. */
    final class ExpectedFailure implements InvocationInterceptor {
        @Override
        public void interceptTestMethod(
                Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            try {
                test.proceed();
            } catch (AssertionError expected) {
                return;
            }
            fail("This works now: remove @AwaitingIssue(\"%s\")."
                    .formatted(method.getExecutable()
                            .getAnnotation(AwaitingIssue.class)
                            .value()));
        }
    }
}
