package dev.herald.settings;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Problem that SmallRye Config reports about the value of a setting of Quarkus, as a sentence without its end. The
 * report has no other form than its text ({@code io.smallrye.config._private.ConfigMessages}); an unknown one is passed
 * on without its number.
 */
public final class MappingProblem {
    private static final Pattern CONVERSION = Pattern.compile(
            "SRCFG00039: The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being"
                    + " converted (.*)",
            Pattern.DOTALL);
    private static final Pattern EMPTY =
            Pattern.compile("SRCFG00040: The config property (\\S+) is defined as the empty String .*", Pattern.DOTALL);
    /** The name in the braces is left out: it may be a part of a password. */
    private static final Pattern EXPANSION =
            Pattern.compile("SRCFG00011: Could not expand value .* in property (\\S+)", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("SRCFG000(29|30): .*", Pattern.DOTALL);
    private static final Pattern CHOICE = Pattern.compile("SRCFG00049: .* allowed values: (.*)", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("SRCFG\\d+: ");
    private static final Pattern EXCEPTION = Pattern.compile("^(?:[a-z]\\w*\\.)+[A-Z]\\w*: ");

    private static final Pattern NAME = Pattern.compile("\\b[a-z]+(\\.[\\w-]+)+");

    private MappingProblem() {}

    /**
     * The sentence for a problem. Empty if it names no setting, or one of Herald's own, for which {@link SettingsCheck}
     * has one.
     */
    public static Optional<String> sentence(String report) {
        String problem = EXCEPTION.matcher(report).replaceFirst("");
        Matcher conversion = CONVERSION.matcher(problem);
        if (conversion.matches()) {
            return conversion.group(1).startsWith("herald.")
                    ? Optional.empty()
                    : Optional.of(sentence(conversion.group(1), conversion.group(2), conversion.group(3)));
        }
        Matcher empty = EMPTY.matcher(problem);
        if (empty.matches()) {
            return empty.group(1).startsWith("herald.")
                    ? Optional.empty()
                    : Optional.of(empty.group(1) + " must not be empty");
        }
        Matcher expansion = EXPANSION.matcher(problem);
        if (expansion.matches()) {
            return Optional.of(expansion.group(1) + " has a ${…} that names no setting")
                    .filter(text -> !text.startsWith("herald."));
        }
        String text = plain(report);
        return NAME.matcher(text).find() && !text.contains("herald.") ? Optional.of(text) : Optional.empty();
    }

    /** The text of a problem without the name and the number of an exception. */
    public static String plain(String report) {
        return CODE.matcher(EXCEPTION.matcher(report).replaceFirst(""))
                .replaceAll("")
                .strip();
    }

    private static String sentence(String key, String value, String cause) {
        String reason = EXCEPTION.matcher(cause).replaceFirst("");
        String shown = Setting.isSecret(key) ? "" : "; it is '" + value + "'";
        if (NUMBER.matcher(reason).matches()) {
            return key + " must be a whole number" + shown;
        }
        Matcher choice = CHOICE.matcher(reason);
        if (choice.matches()) {
            return key + " must be one of " + choice.group(1).replaceAll(",\\s*", ", ") + shown;
        }
        String other = Setting.isSecret(key) ? "" : ": " + CODE.matcher(reason).replaceAll("");
        return key + " has a value that is not allowed" + shown + other;
    }
}
