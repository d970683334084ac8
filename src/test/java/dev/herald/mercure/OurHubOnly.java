package dev.herald.mercure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Marks tests that need settings which another hub may lack. On another hub they are skipped with a message. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(OurHubOnly.Condition.class)
@interface OurHubOnly {
    /** The setting that the tests need. */
    String value();

    /** System property which says that another hub has the setting, if there is one. */
    String unless() default "";

    /** Disables the tests on another hub. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (MercureHub.another().isEmpty()) {
                return ConditionEvaluationResult.enabled(
                        "This hub has been started with the settings that are needed.");
            }
            Optional<OurHubOnly> marked = AnnotationSupport.findAnnotation(context.getElement(), OurHubOnly.class);
            if (marked.isEmpty()) {
                return ConditionEvaluationResult.enabled("The class is enabled.");
            }
            OurHubOnly only = marked.orElseThrow();
            if (!only.unless().isEmpty() && Boolean.getBoolean(only.unless())) {
                return ConditionEvaluationResult.enabled("The other hub has " + only.value() + ".");
            }
            String needed = only.value();
            System.err.printf("!! SKIPPED: %s, which needs %s.%n", context.getDisplayName(), needed);
            return ConditionEvaluationResult.disabled("It needs " + needed + ".");
        }
    }
}
