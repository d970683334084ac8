package dev.herald.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Inclusive bounds of a setting, in the notation of its values, such as {@code 10ms}, {@code 1M} or {@code 1}. Checked
 * at the start, and shown on the page of settings. Each duration, size and number of a {@code @ConfigMapping} interface
 * has one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Range {

    /** Smallest allowed value. */
    String min();

    /** Largest allowed value. */
    String max();
}
