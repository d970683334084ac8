package dev.herald.http;

import java.util.List;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.net.HostAndPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class OriginPolicyTest {

    private static OriginPolicy policy(LaunchMode mode, String... origins) {
        return new OriginPolicy(List.of(origins), List.of(), mode);
    }

    private static HostAndPort host(String authority) {
        return HostAndPort.parseAuthority(authority, -1);
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, https://hub.example, true",
        "hub.example, http://hub.example, true",
        "HUB.example, https://hub.EXAMPLE, true",
        "hub.example:443, https://hub.example, true",
        "hub.example:80, http://hub.example, true",
        "hub.example:8080, http://hub.example:8080, true",
        "[::1]:8080, http://[::1]:8080, true",
        "[::1], http://[::1], true",
        "hub.example:8080, http://hub.example:8081, false",
        "hub.example:8080, http://hub.example, false",
        "hub.example, https://hub.example:8443, false",
        "hub.example, https://hub.example.evil.example, false",
        "hub.example, https://evil-hub.example, false",
        "hub.example, null, false",
        "hub.example, hub.example, false",
        "hub.example, https://, false",
    })
    void m30OwnOriginHasTheHostAndPortOfTheRequest(String host, String origin, boolean own) {
        assertThat(policy(LaunchMode.NORMAL).mayPublish(host(host), origin)).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, http://localhost:8080, true",
        "app.localhost:8080, http://app.localhost:8080, true",
        "127.0.0.1:8080, http://127.0.0.1:8080, true",
        "[::1]:8080, http://[::1]:8080, true",
        "192.168.1.5:8080, http://192.168.1.5:8080, true",
        "rebound.evil.example:8080, http://rebound.evil.example:8080, false",
    })
    void devModeRejectsHostNamesOpenToDnsRebinding(String host, String origin, boolean own) {
        assertThat(policy(LaunchMode.DEVELOPMENT).mayPublish(host(host), origin))
                .isEqualTo(own);
    }

    @Test
    void requestWithoutAHostHasNoOwnOrigin() {
        assertThat(policy(LaunchMode.NORMAL).mayPublish(null, "https://hub.example"))
                .isFalse();
    }

    @Test
    void m30ListedOriginsMatchExactly() {
        OriginPolicy policy = policy(LaunchMode.NORMAL, "https://shop.example");

        assertThat(policy.trusts("https://shop.example")).isTrue();
        assertThat(policy.trusts("http://shop.example")).isFalse();
        assertThat(policy.trusts("https://shop.example:444")).isFalse();
        assertThat(policy.allowsAnyOrigin()).isFalse();
    }

    @Test
    void m30StarAdmitsEveryOriginAndTrustsNone() {
        OriginPolicy policy = policy(LaunchMode.NORMAL, "*");

        assertThat(policy.allowsAnyOrigin()).isTrue();
        assertThat(policy.trusts("https://evil.example")).isFalse();
        assertThat(policy.mayPublish(host("hub.example"), "https://evil.example"))
                .isTrue();
    }
}
