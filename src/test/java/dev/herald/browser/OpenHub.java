package dev.herald.browser;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** A hub that lets in everybody and has no keys: one setting, and what keeps tests apart. */
public final class OpenHub implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "herald.open", "true",
                "herald.drain", "0s",
                "herald.log.file.path", KeysOnly.freshDirectory());
    }
}
