package dev.herald.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigValue;

/** One setting: its key, and which values are allowed. Immutable. */
public final class Setting {
    private static final Pattern SECRET = Pattern.compile("(.*[.-])?(key|password|passphrase|secret|token)");
    /** End of the keys whose values are files that must exist, such as {@code key-file}. */
    private static final String FILE_SUFFIX = "-file";

    private static final Set<Class<?>> OPTIONAL_NUMBERS =
            Set.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private final String key;
    private final Notation notation;
    private final boolean optional;
    private final boolean list;
    private final Optional<String> defaultValue;
    private final Optional<Range> range;

    private Setting(
            String key,
            Notation notation,
            boolean optional,
            boolean list,
            Optional<String> defaultValue,
            Optional<Range> range) {
        this.key = key;
        this.notation = notation;
        this.optional = optional;
        this.list = list;
        this.defaultValue = defaultValue;
        this.range = range;
    }

    static Setting of(String key, Property property) {
        Type type = property.getMethod().getGenericReturnType();
        boolean optional = isA(Optional.class, type) || OPTIONAL_NUMBERS.contains(type);
        Type value = isA(Optional.class, type) ? argument(type) : type;
        boolean list = isA(Collection.class, value);
        Type element = list ? argument(value) : value;
        return new Setting(
                key,
                Notation.of((Class<?>) element),
                optional,
                list,
                property.hasDefaultValue() ? Optional.of(property.getDefaultValue()) : Optional.empty(),
                Optional.ofNullable(property.getMethod().getAnnotation(Range.class)));
    }

    private static boolean isA(Class<?> generic, Type type) {
        return type instanceof ParameterizedType parameterized
                && generic.isAssignableFrom((Class<?>) parameterized.getRawType());
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    /** Whether a key is that of a secret, whose value must not be printed. */
    static boolean isSecret(String key) {
        return SECRET.matcher(key).matches();
    }

    /** Name of the property, such as {@code herald.sse.retry}. */
    public String key() {
        return key;
    }

    /** Name of the environment variable, such as {@code HERALD_SSE_RETRY}. */
    public String variable() {
        return Variables.name(key);
    }

    /** The value without configuration; empty if there is none. */
    public Optional<String> defaultValue() {
        return defaultValue;
    }

    /** Bounds of the value; empty if it is not an amount. */
    public Optional<Range> range() {
        return range;
    }

    /** Whether values are amounts, which need a {@link #range()}. */
    public boolean hasAmounts() {
        return notation.hasAmounts();
    }

    /** Notation of the value in Markdown, bounds excluded, such as "whole number". */
    public String notation() {
        return list ? "list, separated by commas" : notation.name();
    }

    /** The fault of a configured value as a sentence without its end, or empty. */
    Optional<String> fault(ConfigValue value) {
        String raw = value.getRawValue();
        if (raw == null) {
            return Optional.empty();
        }
        String text = value.getValue();
        if (text == null && value.hasProblems()) {
            return Optional.of(key + " has a ${…} that names no setting" + Origin.of(value, variable())
                    + ": write \\${ for a dollar sign and a brace");
        }
        if (text == null || text.isBlank()) {
            return optional
                    ? Optional.empty()
                    : Optional.of(key + " must be " + allowed() + "; it is empty" + Origin.of(value, variable()));
        }
        if (!allows(text)) {
            return Optional.of(key + " must be " + allowed() + "; it is " + shown(text) + Origin.of(value, variable()));
        }
        return key.endsWith(FILE_SUFFIX)
                ? ReadableFile.fault(text)
                        .map(fault -> key + " must be a file that this user may read; " + fault
                                + Origin.of(value, variable()))
                : Optional.empty();
    }

    private boolean allows(String text) {
        return list
                ? notation.isText()
                        || Arrays.stream(text.split(",")).allMatch(element -> notation.allows(element, range))
                : notation.allows(text, range);
    }

    private String shown(String text) {
        return isSecret(key) ? "not" : "'" + text + "'";
    }

    /** What the value must be, for messages: a duration has an example, since many write one without its unit. */
    private String allowed() {
        return (list ? "a list, separated by commas" : notation.description())
                + (notation.isDuration() ? ", such as " + defaultValue.orElse("30s") : "")
                + range.map(bounds -> ", from " + bounds.min() + " to " + bounds.max())
                        .orElse("");
    }
}
