package dev.herald.stream;

import java.util.List;
import java.util.Locale;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Values of {@code Accept-Encoding}: gzip only where the client names it or a star. */
public final class AcceptEncodingFuzz implements FuzzTarget {
    @Override
    public void run(FuzzInput input) {
        List<String> lines = input.latin1Lines();
        String all = String.join(",", lines);

        boolean gzip = new AcceptEncoding(lines).prefers("gzip");

        assertThat(new AcceptEncoding(List.of(all)).prefers("gzip")).isEqualTo(gzip);
        assertThat(gzip && !all.toLowerCase(Locale.ROOT).contains("gzip") && !all.contains("*"))
                .isFalse();
        assertThat(new AcceptEncoding(List.of(all, "gzip;q=0")).prefers("gzip")).isFalse();
    }
}
