package dev.herald.http;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL M30: valid origins and wildcards, and the origins that they match. A wildcard is one leading label
 * under two labels or more or {@code localhost}. Any other star, or text that no browser sends as an origin, stops the
 * start. Scheme, host and port must equal those of the list after normalization.
 */
class OriginListTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "HTTPS://Shop.Example",
                "http://localhost:3000",
                "http://127.0.0.1:8080",
                "http://[::1]:3000",
                "https://xn--bcher-kva.example",
                "https://my_shop.example",
                "chrome-extension://abcdefghijklmnop",
                "capacitor://localhost",
            })
    void acceptsOriginsAsBrowsersSendThem(String text) {
        assertThat(OriginList.isOrigin(text)).isTrue();
        assertThat(OriginList.isWildcard(text)).isFalse();
        assertThat(new OriginList(List.of(text)).contains(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://*.example.com",
                "https://*.shop.example.com:8443",
                "http://*.localhost:3000",
                "HTTPS://*.Example.COM",
                "https://*.xn--bcher-kva.example",
            })
    void acceptsOneLeadingStar(String text) {
        assertThat(OriginList.isWildcard(text)).isTrue();
        assertThat(OriginList.isOrigin(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "**",
                "https://*",
                "https://*.com",
                "https://*.*.example.com",
                "https://**.example.com",
                "https://a.*.example.com",
                "https://shop.*",
                "https://*shop.example.com",
                "https://s*.example.com",
                "https://*example.com",
                "https://*-shop.example.com",
                "https://*..example.com",
                "https://*.example.com.",
                "https://*.0.0.1",
                "https://*.[::1]",
                "*://shop.example",
                "*.example.com",
                "https://shop.example:*",
                "https://*.example.com:*",
                "https://*.example.com/",
                "https://*.example.com/path",
                "https://shop.example/",
                "https://shop.example/path",
                "https://shop.example?x",
                "https://shop.example:",
                "https://shop.example:99999",
                "https://user@shop.example",
                "https://bücher.example",
                "https://",
                "https:shop.example",
                "shop.example",
                "null",
                "",
            })
    void rejectsOtherStarsAndInvalidOrigins(String text) {
        assertThat(OriginList.isOrigin(text)).isFalse();
        assertThat(OriginList.isWildcard(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example, https://shop.example, true",
        "https://Shop.Example, https://shop.example, true",
        "https://shop.example:443, https://shop.example, true",
        "https://shop.example, https://shop.example:443, true",
        "http://shop.example:80, http://shop.example, true",
        "http://shop.example:443, http://shop.example:443, true",
        "http://shop.example:443, http://shop.example, false",
        "https://shop.example, http://shop.example, false",
        "https://shop.example, https://shop.example:8443, false",
        "https://shop.example, https://shop.example/, false",
        "https://shop.example, https://shop.example.evil, false",
        "https://shop.example, https://a.shop.example, false",
        "https://*.example.com, https://a.example.com, true",
        "https://*.example.com, HTTPS://A.EXAMPLE.COM, true",
        "https://*.example.com, https://a.example.com:443, true",
        "https://*.example.com:8443, https://a.example.com:8443, true",
        "https://*.example.com, https://xn--bcher-kva.example.com, true",
        "https://*.a.example.com, https://b.a.example.com, true",
        "https://*.example.com, https://example.com, false",
        "https://*.example.com, https://.example.com, false",
        "https://*.example.com, https://a.b.example.com, false",
        "https://*.example.com, https://evil-example.com, false",
        "https://*.example.com, https://evilexample.com, false",
        "https://*.example.com, https://a.example.com.evil, false",
        "https://*.example.com, https://a.example.com.evil.com, false",
        "https://*.example.com, https://a.example.com:8443, false",
        "https://*.example.com, http://a.example.com, false",
        "https://*.example.com, https://*.example.com, false",
        "https://*.example.com, https://a.example.com/, false",
        "https://*.example.com, https://evil.com#.example.com, false",
        "https://*.example.com, https://evil.com/.example.com, false",
        "https://*.example.com, https://evil@a.example.com, false",
        "https://*.example.com, https://a.example.com., false",
        "https://*.example.com, null, false",
        "https://*.a.example.com, https://a.example.com, false",
        "*, https://shop.example, false",
    })
    void matchesNoOtherOrigin(String listed, String origin, boolean matches) {
        assertThat(new OriginList(List.of("https://other.example", listed)).contains(origin))
                .isEqualTo(matches);
    }

    @Test
    void longOriginIsMatchedCheaply() {
        OriginList list = new OriginList(List.of("https://*.example.com"));

        assertThat(list.contains("https://" + "a.".repeat(30_000) + "example.com"))
                .isFalse();
        assertThat(list.contains("https://" + "a".repeat(60_000) + ".example.com"))
                .isTrue();
    }
}
