package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.smallrye.config.WithDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.http.HubPaths;
import dev.herald.hub.SseConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the example manifests are valid for Kubernetes and fit the hub: its labels, ports and paths. The names
 * that they refer to are those of the built manifest ({@link KubernetesManifestIT}).
 */
class KubernetesExamplesTest {
    private static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", "herald");

    /** Paths of clients, and whether what is below them belongs to them. */
    private static final Map<String, Boolean> OF_CLIENTS = Map.of(
            "/SSE",
            false,
            HubPaths.MESSAGE,
            false,
            HubPaths.UPDATES,
            false,
            "/herald.js",
            false,
            "/herald.d.ts",
            false,
            HubPaths.MERCURE,
            true,
            "/",
            false,
            "/index.html",
            false,
            "/sse",
            false,
            "/page",
            true);

    static Stream<String> examples() throws IOException {
        return Manifest.examples().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsValid(String name) throws IOException {
        assertThat(Manifest.example(name).resources())
                .isNotEmpty()
                .extracting(HasMetadata::getMetadata)
                .allSatisfy(metadata -> assertThat(metadata.getName()).startsWith("herald"));
    }

    @Test
    void gatewayServesTheRouteOverTls() throws IOException {
        Manifest manifest = Manifest.example("gateway.yml");
        Gateway gateway = manifest.only(Gateway.class);
        HTTPRoute route = manifest.only(HTTPRoute.class);

        assertThat(gateway.getSpec().getListeners()).singleElement().satisfies(listener -> {
            assertThat(listener.getProtocol()).isEqualTo("HTTPS");
            assertThat(listener.getTls().getMode()).isEqualTo("Terminate");
            assertThat(route.getSpec().getHostnames()).containsExactly(listener.getHostname());
        });
        assertThat(route.getSpec().getParentRefs())
                .singleElement()
                .extracting(parent -> parent.getName())
                .isEqualTo(gateway.getMetadata().getName());
    }

    @Test
    void routeSendsThePathsOfClientsToTheHubWithoutATimeout() throws IOException {
        HTTPRoute route = Manifest.example("gateway.yml").only(HTTPRoute.class);
        HTTPRouteRule rule = onlyElement(route.getSpec().getRules());

        assertThat(rule.getMatches()).hasSize(OF_CLIENTS.size()).allSatisfy(match -> assertThat(OF_CLIENTS)
                .containsEntry(
                        match.getPath().getValue(), match.getPath().getType().equals("PathPrefix")));
        assertThat(rule.getBackendRefs()).singleElement().satisfies(backend -> {
            assertThat(backend.getName()).isEqualTo("herald");
            assertThat(backend.getPort()).isEqualTo(80);
        });
        assertThat(rule.getTimeouts().getRequest()).isEqualTo("0s");
        assertThat(rule.getTimeouts().getBackendRequest()).isEqualTo("0s");
    }

    @Test
    void ingressSendsThePathsOfClientsToTheHub() throws IOException {
        Ingress ingress = Manifest.example("ingress.yml").only(Ingress.class);
        IngressRule rule = onlyElement(ingress.getSpec().getRules());
        List<HTTPIngressPath> paths = rule.getHttp().getPaths();

        assertThat(paths).hasSize(OF_CLIENTS.size()).allSatisfy(path -> {
            assertThat(OF_CLIENTS)
                    .containsEntry(path.getPath(), path.getPathType().equals("Prefix"));
            assertThat(path.getBackend().getService().getName()).isEqualTo("herald");
            assertThat(path.getBackend().getService().getPort().getName()).isEqualTo("http");
        });
        assertThat(ingress.getSpec().getTls()).singleElement().satisfies(tls -> assertThat(tls.getHosts())
                .containsExactly(rule.getHost()));
    }

    @Test
    void ingressDoesNotBufferAndWaitsLongerThanTheHeartbeat() throws Exception {
        Map<String, String> annotations = Manifest.example("ingress.yml")
                .only(Ingress.class)
                .getMetadata()
                .getAnnotations();
        Duration heartbeat = Duration.parse("PT"
                + SseConfig.class
                        .getMethod("heartbeat")
                        .getAnnotation(WithDefault.class)
                        .value());

        assertThat(annotations).containsEntry("nginx.ingress.kubernetes.io/proxy-buffering", "off");
        for (String timeout : List.of("proxy-read-timeout", "proxy-send-timeout")) {
            String seconds = annotations.get("nginx.ingress.kubernetes.io/" + timeout);
            assertThat(Duration.ofSeconds(Long.parseLong(seconds))).isGreaterThan(heartbeat.multipliedBy(2));
        }
    }

    @Test
    void networkPolicyAdmitsConnectionsToThePortOfTheHubAndAllowsNoneFromIt() throws IOException {
        NetworkPolicySpec policy =
                Manifest.example("network-policy.yml").only(NetworkPolicy.class).getSpec();

        assertThat(policy.getPodSelector().getMatchLabels()).isEqualTo(LABELS);
        assertThat(policy.getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getEgress()).isEmpty();
        assertThat(policy.getIngress()).singleElement().satisfies(rule -> {
            assertThat(rule.getFrom()).isNotEmpty().allSatisfy(peer -> assertThat(peer.getIpBlock())
                    .isNull());
            assertThat(rule.getPorts()).singleElement().satisfies(port -> assertThat(port.getPort())
                    .isEqualTo(new IntOrString("http")));
        });
    }

    @Test
    void serviceMonitorReadsTheMetricsOfTheService() throws IOException {
        ServiceMonitor monitor = Manifest.example("service-monitor.yml").only(ServiceMonitor.class);
        Endpoint endpoint = onlyElement(monitor.getSpec().getEndpoints());

        assertThat(monitor.getSpec().getSelector().getMatchLabels()).isEqualTo(LABELS);
        assertThat(endpoint.getPort()).isEqualTo("http");
        assertThat(endpoint.getPath()).isEqualTo("/q/metrics");
    }

    @Test
    void restorePodHasTheVolumeOfTheLogAndNoPrivileges() throws IOException {
        Pod pod = Manifest.example("restore.yml").only(Pod.class);
        SecurityContext security = onlyElement(pod.getSpec().getContainers()).getSecurityContext();

        assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo("herald"));
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getRunAsUser() + ":"
                        + pod.getSpec().getSecurityContext().getRunAsGroup())
                .isEqualTo(Dockerfile.read("Dockerfile.jvm").user());
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void filesOfThePageExist() throws IOException {
        String page = Files.readString(Path.of("src/docs/operations.md"));

        assertThat(Pattern.compile("kubectl apply -f src/main/(\\S+)")
                        .matcher(page)
                        .results())
                .isNotEmpty()
                .allSatisfy(command ->
                        assertThat(Path.of("src/main", command.group(1))).exists());
    }

    private static <T> T onlyElement(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
