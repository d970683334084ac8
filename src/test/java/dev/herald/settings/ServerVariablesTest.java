package dev.herald.settings;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.docs.Page;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of misspelt variables of the server. */
class ServerVariablesTest {
    private static final Pattern KEY =
            Pattern.compile("(?:\\b|-D)(quarkus\\.[a-z0-9.-]+[a-z0-9]|QUARKUS_[A-Z0-9_]+[A-Z0-9])");

    /** Keys of the build, which a variable cannot change at the start; a group of keys; the end of a file's name. */
    private static final Pattern OTHERS = Pattern.compile(
            "quarkus\\.(native.*|container-image.*|kubernetes.*|tls(\\.key-store|\\.admin\\..*)?|http\\.root-path|http\\.proxy|md)");

    private static Map<String, String> misspelt(String... variables) {
        Map<String, String> environment =
                Set.of(variables).stream().collect(Collectors.toMap(variable -> variable, variable -> "1"));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(environment, EnvConfigSource.ORDINAL))
                .withDefaultValue("quarkus.http.test-port", "8081")
                .build();
        return new ServerVariables(config).misspelt();
    }

    @ParameterizedTest
    @CsvSource({
        "QUARKUS_HTPP_PORT, QUARKUS_HTTP_PORT",
        "QUARKUS_HTTP_PROT, QUARKUS_HTTP_PORT",
        "QUARKUS_PORT, QUARKUS_HTTP_PORT",
        "QUARKUS_HTTP_SSLPORT, QUARKUS_HTTP_SSL_PORT",
        "QUARKUS_TLS_KEYSTORE_PEM_0_CERT, QUARKUS_TLS_KEY_STORE_PEM_0_CERT",
        "QUARKUS_TLS_KEY_STORE_PEM_1_KEYS, QUARKUS_TLS_KEY_STORE_PEM_0_KEY",
        "QUARKUS_LOG_LEVLE, QUARKUS_LOG_LEVEL",
        "QUARKUS_LOG_CONSOLE_JSON_ENABLE, QUARKUS_LOG_CONSOLE_JSON_ENABLED",
    })
    void misspeltVariableIsFoundWithTheNearestOne(String variable, String nearest) {
        assertThat(misspelt(variable)).containsExactly(Map.entry(variable, nearest));
    }

    /** Known, or with a default, or not near any known one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "QUARKUS_HTTP_PORT",
                "QUARKUS_HTTP_HOST",
                "QUARKUS_TLS_KEY_STORE_PEM_1_CERT",
                "QUARKUS_HTTP_TEST_PORT",
                "QUARKUS_DATASOURCE_USERNAME",
                "HERALD_HTPP_PORT"
            })
    void otherVariableIsNotReported(String variable) {
        assertThat(misspelt(variable)).isEmpty();
    }

    @Test
    void everyKeyOfThePagesIsKnown() throws IOException {
        Set<String> known = ServerVariables.KEYS.stream().map(Variables::name).collect(Collectors.toSet());
        Set<String> named = Page.all().stream()
                .filter(page -> !page.isDecision())
                .flatMap(page -> KEY.matcher(page.text()).results().map(found -> found.group(1)))
                .filter(key -> !OTHERS.matcher(key).matches())
                .collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(5).allSatisfy(key -> assertThat(known)
                .contains(Variables.name(key)));
    }
}
