package dev.herald.browser;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** Test profile of an open hub without keys, with one setting, and others that isolate tests. */
public final class OpenProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "herald.open", "true",
                "herald.drain", "0s",
                "herald.log.file.path", TokenProfile.freshDirectory());
    }
}
