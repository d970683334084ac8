package dev.herald.settings;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;

/**
 * Notation of the values of settings: which texts are valid, and their amounts. Immutable.
 *
 * @param name short name in Markdown, such as "duration" or "`true` or `false`"
 * @param description what a value must be, in a sentence
 * @param parser throws an {@link IllegalArgumentException} for any other text; empty if the notation has no amounts
 */
record Notation(String name, String description, Parser parser) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");
    /** All that SmallRye Config understands; it reads any other text as {@code false}. */
    private static final List<String> FLAGS = List.of(
            "true", "false", "yes", "no", "y", "n", "on", "off", "1", "0", "ja", "nein", "j", "si", "sim", "oui", "non",
            "não");

    private static final Notation DURATION =
            new Notation("duration", "a duration with its unit (ms, s, m, h or D)", text -> Optional.of(nanos(text)));
    private static final Notation SIZE =
            new Notation("size", "a size in bytes, or with K, M, G or T", text -> Optional.of(bytes(text)));
    private static final Notation INTEGER = new Notation(
            "whole number", "a whole number", text -> Optional.of(BigInteger.valueOf(Integer.parseInt(text))));
    private static final Notation LONG = new Notation(
            "whole number", "a whole number", text -> Optional.of(BigInteger.valueOf(Long.parseLong(text))));
    private static final Notation FLAG = new Notation("`true` or `false`", "true or false", text -> oneOf(FLAGS, text));
    private static final Notation TEXT = new Notation("text", "text", text -> Optional.empty());

    /** Parser of one notation. */
    @FunctionalInterface
    interface Parser {
        Optional<BigInteger> parse(String text);
    }

    /** Notation of the values of a type, which is a primitive, boxed or other type that SmallRye Config converts. */
    static Notation of(Class<?> type) {
        if (type.isEnum()) {
            return choice(type);
        }
        return switch (type.getSimpleName()) {
            case "Duration" -> DURATION;
            case "MemorySize" -> SIZE;
            case "int", "Integer", "OptionalInt" -> INTEGER;
            case "long", "Long", "OptionalLong" -> LONG;
            case "boolean", "Boolean" -> FLAG;
            default -> TEXT;
        };
    }

    private static Notation choice(Class<?> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> hyphenated(((Enum<?>) constant).name()))
                .toList();
        return new Notation(
                names.stream().collect(Collectors.joining("` or `", "`", "`")),
                names.stream().collect(Collectors.joining(" or ")),
                text -> oneOf(names, hyphenated(text)));
    }

    private static String hyphenated(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<BigInteger> oneOf(List<String> names, String text) {
        if (!names.contains(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException();
        }
        return Optional.empty();
    }

    /** Quarkus reads a number without a unit as seconds, although the writer may have meant milliseconds. */
    private static BigInteger nanos(String text) {
        if (NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException();
        }
        Duration duration = present(DurationConverter.parseDuration(text));
        return BigInteger.valueOf(duration.getSeconds())
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(duration.getNano()));
    }

    private static BigInteger bytes(String text) {
        return present(new MemorySizeConverter().convert(text)).asBigInteger();
    }

    /** The converters return null for control characters alone, which they trim like blanks. */
    private static <T> T present(T converted) {
        if (converted == null) {
            throw new IllegalArgumentException();
        }
        return converted;
    }

    /** Whether values are amounts, which have bounds. */
    boolean hasAmounts() {
        return this == DURATION || this == SIZE || this == INTEGER || this == LONG;
    }

    /** Whether values are durations. */
    boolean isDuration() {
        return this == DURATION;
    }

    /** Whether any text is valid. */
    boolean isText() {
        return this == TEXT;
    }

    /** Whether the text is valid and lies within the bounds. */
    boolean allows(String text, Optional<Range> range) {
        try {
            Optional<BigInteger> amount = parser.parse(text.strip());
            return amount.isEmpty() || range.isEmpty() || isWithin(amount.get(), range.get());
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }

    private boolean isWithin(BigInteger amount, Range range) {
        return amount.compareTo(parser.parse(range.min()).orElseThrow()) >= 0
                && amount.compareTo(parser.parse(range.max()).orElseThrow()) <= 0;
    }
}
