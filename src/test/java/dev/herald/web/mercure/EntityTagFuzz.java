package dev.herald.web.mercure;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.presence.ActiveSubscription;
import dev.herald.web.IfNoneMatch;

import static org.assertj.core.api.Assertions.assertThat;

/** Values of {@code If-None-Match}: a document matches only if its tag, or a star, is an item of the list. */
public final class EntityTagFuzz implements FuzzTarget {
    private static final String TAG =
            EntityTag.of(List.of(new ActiveSubscription("t", new UUID(1, 2), Optional.of("{}"))));

    @Override
    public void run(FuzzInput input) {
        List<String> lines = input.latin1Lines();

        String all = String.join(",", lines);
        assertThat(IfNoneMatch.matches(lines, TAG)).isEqualTo(IfNoneMatch.matches(List.of(all), TAG));
        if (IfNoneMatch.matches(lines, TAG)) {
            assertThat(all.contains(TAG) || all.contains("*")).isTrue();
        }
        assertThat(IfNoneMatch.matches(List.of(all, "W/" + TAG), TAG)).isTrue();
    }
}
