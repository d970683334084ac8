package dev.herald.http;

import java.util.Locale;
import java.util.Optional;

import dev.herald.event.EventId;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Values of {@code Authorization} and {@code Last-Event-ID}. */
public final class BearerFuzz implements FuzzTarget {
    private static final String SCHEME = "bearer";

    @Override
    public void run(FuzzInput input) {
        String value = input.latin1();

        Optional<String> token = Credentials.bearer(value);

        String start = value.substring(0, Math.min(value.length(), SCHEME.length()));
        String rest = value.substring(start.length());
        boolean named = start.toLowerCase(Locale.ROOT).equals(SCHEME)
                && (rest.isEmpty() || " \t\n\u000B\f\r".indexOf(rest.charAt(0)) >= 0);
        assertThat(token).isEqualTo(named ? Optional.of(withoutStart(rest)) : Optional.empty());
        String id = EventId.strip(Text.lenientUtf8(value));
        assertThat(EventId.strip(id)).isEqualTo(id);
        assertThat(Text.lenientUtf8(Text.headerValue(id))).isEqualTo(id);
    }

    private static String withoutStart(String text) {
        int start = 0;
        while (start < text.length() && " \t\n\u000B\f\r".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return text.substring(start);
    }
}
