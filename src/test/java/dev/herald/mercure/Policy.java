package dev.herald.mercure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Marks clauses that are this hub's policy: the draft leaves them to the hub, and another hub may differ. A clause
 * without the mark follows from draft-dunglas-mercure-07 or from a standard that it builds on (Server-Sent Events, RFC
 * 6570, RFC 6750, RFC 7519, RFC 8725, RFC 9110). {@code -DexcludedGroups=policy} runs only those.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("policy")
@ExtendWith(Policy.Note.class)
@interface Policy {
    /** What the draft says or leaves open. */
    String value();

    /** Names the policy in the report of a failure. */
    final class Note implements TestExecutionExceptionHandler {
        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            if (!(failure instanceof AssertionError)) {
                throw failure;
            }
            String policy = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Policy.class)
                    .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Policy.class))
                    .map(Policy::value)
                    .orElseThrow();
            throw new AssertionError("Policy, not specification (" + policy + "): " + failure.getMessage(), failure);
        }
    }
}
