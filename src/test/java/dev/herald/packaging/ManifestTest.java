package dev.herald.packaging;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that the manifest parser is strict, so that tests based on it can fail. */
class ManifestTest {

    private static final String HUB = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: herald
            spec:
              replicas: 1
              template:
                spec:
                  containers:
                    - name: herald
                      env:
                        - name: HERALD_OPEN
                          value: "true"
            """;

    @Test
    void acceptsAValidManifest() throws IOException {
        StatefulSet hub = Manifest.parse(HUB).only(StatefulSet.class);

        assertThat(hub.getSpec().getReplicas()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas: 1 -> replica: 1",
                "replicas: 1 -> replicas: one",
                "replicas: 1 -> replicas: \"1\"",
                "spec: -> spec:\n  colour: red",
                "name: herald -> name: herald\n  name: herald",
                "\"true\" -> true",
                "\"true\" -> 1",
            })
    void rejectsAnInvalidManifest(String change) {
        String[] fromTo = change.split(" -> ");

        assertThatThrownBy(() -> Manifest.parse(HUB.replaceFirst(fromTo[0], fromTo[1])))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void rejectsAnUnusedKind() {
        assertThatThrownBy(() -> Manifest.parse(HUB.replace("StatefulSet", "DaemonSet")))
                .hasMessageContaining("DaemonSet");
    }
}
