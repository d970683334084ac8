package dev.herald.packaging;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.smallrye.config.WithDefault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.DrainConfig;
import dev.herald.log.LogConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** Tests that the built manifest is valid for Kubernetes and grants the hub least privilege. */
class KubernetesManifestIT {
    private Manifest manifest;
    private StatefulSet hub;
    private PodTemplateSpec template;
    private PodSpec pod;
    private Container container;

    @BeforeEach
    void read() throws IOException {
        manifest = Manifest.generated();
        hub = manifest.only(StatefulSet.class);
        template = hub.getSpec().getTemplate();
        pod = template.getSpec();
        assertThat(pod.getContainers()).hasSize(1);
        assertThat(pod.getInitContainers()).isEmpty();
        container = pod.getContainers().get(0);
    }

    @Test
    void containsOneStatefulSetOneServiceAndOneVolume() {
        assertThat(manifest.resources())
                .extracting(HasMetadata::getKind)
                .containsExactlyInAnyOrder("StatefulSet", "Service", "PersistentVolumeClaim");
    }

    @Test
    void runsOneHubAtATimeSinceItsLogLivesInOneProcess() {
        assertThat(hub.getSpec().getReplicas()).isEqualTo(1);
        assertThat(hub.getSpec().getVolumeClaimTemplates())
                .as("a second replica must not get a log of its own")
                .isEmpty();
    }

    @Test
    void releaseThatDoesNotStartCanBeRolledBack() {
        assertThat(hub.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(hub.getSpec().getServiceName())
                .isEqualTo(manifest.only(Service.class).getMetadata().getName());
    }

    @Test
    void mapsPort80OfTheServiceToTheHub() {
        Service service = manifest.only(Service.class);
        assertThat(service.getSpec().getPorts()).hasSize(1);
        ServicePort port = service.getSpec().getPorts().get(0);

        assertThat(service.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(template.getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(port.getName()).isEqualTo("http");
        assertThat(port.getPort()).isEqualTo(80);
        assertThat(port.getTargetPort().getIntVal()).isEqualTo(8080);
        assertThat(container.getPorts())
                .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
                .containsExactly(tuple("http", 8080));
    }

    @Test
    void selectsItsPodsByLabelsStableAcrossReleases() {
        Map<String, String> name = Map.of("app.kubernetes.io/name", "herald");

        assertThat(hub.getSpec().getSelector().getMatchLabels()).isEqualTo(name);
        assertThat(manifest.only(Service.class).getSpec().getSelector()).isEqualTo(name);
    }

    @Test
    void probesTheHealthEndpointsForStartupLivenessAndReadiness() {
        assertThat(asks(container.getStartupProbe())).isEqualTo("HTTP 8080 /q/health/started");
        assertThat(asks(container.getLivenessProbe())).isEqualTo("HTTP 8080 /q/health/live");
        assertThat(asks(container.getReadinessProbe())).isEqualTo("HTTP 8080 /q/health/ready");
    }

    @Test
    void givesTheHubAMinuteToStart() {
        Probe startup = container.getStartupProbe();

        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void doesNotRestartTheHubForASingleFailure() {
        assertThat(container.getLivenessProbe().getFailureThreshold()).isGreaterThan(1);
    }

    @Test
    void gracePeriodExceedsTheDrain() throws NoSuchMethodException {
        String drain = DrainConfig.class
                .getMethod("drain")
                .getAnnotation(WithDefault.class)
                .value();

        String notice = container.getEnv().stream()
                .filter(variable -> variable.getName().equals("HERALD_DRAIN_NOTICE"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();

        assertThat(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()))
                .isGreaterThan(Duration.parse("PT" + notice)
                        .plus(Duration.parse("PT" + drain))
                        .plusSeconds(5));
    }

    @Test
    void runsAsTheNonRootUserOfTheImages() throws IOException {
        PodSecurityContext security = pod.getSecurityContext();
        String user = security.getRunAsUser() + ":" + security.getRunAsGroup();

        assertThat(security.getRunAsNonRoot()).isTrue();
        assertThat(security.getRunAsUser()).isPositive();
        assertThat(security.getRunAsGroup()).isPositive();
        assertThat(Dockerfile.read("Dockerfile.jvm").user()).isEqualTo(user);
        assertThat(Dockerfile.read("Dockerfile.native-micro").user()).isEqualTo(user);
    }

    @Test
    void dropsAllPrivilegesAndCapabilities() {
        SecurityContext security = container.getSecurityContext();

        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getPrivileged()).isNotEqualTo(true);
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).isEmpty();
    }

    @Test
    void filtersSystemCalls() {
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void onlyTheLogAndTmpAreWritable() {
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getMountPath, VolumeMount::getReadOnly)
                .containsExactlyInAnyOrder(tuple("/data", null), tuple("/tmp", null), tuple("/etc/herald", true));
        assertThat(pod.getVolumes())
                .extracting(Volume::getName)
                .containsExactlyInAnyOrderElementsOf(container.getVolumeMounts().stream()
                        .map(VolumeMount::getName)
                        .toList());
    }

    @Test
    void boundsTheSizeOfTmp() {
        assertThat(mountedAt("/tmp").getEmptyDir().getSizeLimit().getNumericalAmount())
                .isPositive();
    }

    @Test
    void keepsTheEventsOnAVolumeThatOutlivesThePod() throws IOException {
        PersistentVolumeClaim claim = manifest.only(PersistentVolumeClaim.class);
        String path = Dockerfile.read("Dockerfile.jvm").environment().get("HERALD_LOG_FILE_PATH");

        assertThat(Dockerfile.read("Dockerfile.native-micro").environment().get("HERALD_LOG_FILE_PATH"))
                .isEqualTo(path);
        assertThat(mountedAt(path).getPersistentVolumeClaim().getClaimName())
                .isEqualTo(claim.getMetadata().getName());
        assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotContain("HERALD_LOG_KIND");
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
    }

    @Test
    void requestsSpaceForTheLargestFilesAndADamagedCopy() throws NoSuchMethodException {
        String kept = LogConfig.Retention.class
                .getMethod("bytes")
                .getAnnotation(WithDefault.class)
                .value();
        Quantity asked = manifest.only(PersistentVolumeClaim.class)
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage");

        assertThat(Quantity.getAmountInBytes(asked))
                .isGreaterThanOrEqualTo(
                        Quantity.getAmountInBytes(new Quantity(kept + "i")).multiply(BigDecimal.valueOf(6)));
    }

    @Test
    void givesTheVolumeToTheHubsGroup() {
        assertThat(pod.getSecurityContext().getFsGroup())
                .isEqualTo(pod.getSecurityContext().getRunAsGroup());
    }

    private Volume mountedAt(String path) {
        String name = container.getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(path))
                .map(VolumeMount::getName)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nothing is mounted at " + path + "."));
        return pod.getVolumes().stream()
                .filter(volume -> volume.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sharesNoNamespaceWithTheNode() {
        assertThat(pod.getHostNetwork()).isNotEqualTo(true);
        assertThat(pod.getHostPID()).isNotEqualTo(true);
        assertThat(pod.getHostIPC()).isNotEqualTo(true);
    }

    @Test
    void givesTheHubNoAccessToTheCluster() {
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void keepsVariablesOfTheClusterOutOfTheHubsSettings() {
        assertThat(pod.getEnableServiceLinks()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "memory"})
    void requestsAndLimitsWhatTheHubUses(String resource) {
        ResourceRequirements resources = container.getResources();
        Quantity request = resources.getRequests().get(resource);
        Quantity limit = resources.getLimits().get(resource);

        assertThat(request.getNumericalAmount()).isPositive();
        assertThat(limit.getNumericalAmount()).isGreaterThanOrEqualTo(request.getNumericalAmount());
    }

    @Test
    void isClosedToClientsWithoutATokenOfTheSecretsKeys() {
        assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotContain("HERALD_OPEN");
        assertThat(container.getEnv())
                .filteredOn(variable -> variable.getName().startsWith("HERALD_AUTH_"))
                .extracting(EnvVar::getName, EnvVar::getValue)
                .containsExactlyInAnyOrder(
                        tuple("HERALD_AUTH_PUBLISHER_KEY_FILE", "/etc/herald/publisher-key"),
                        tuple("HERALD_AUTH_SUBSCRIBER_KEY_FILE", "/etc/herald/subscriber-key"));
        SecretVolumeSource keys = mountedAt("/etc/herald").getSecret();
        assertThat(keys.getSecretName()).isEqualTo("herald");
        assertThat(keys.getOptional()).as("no start without keys").isNotEqualTo(true);
        assertThat(keys.getDefaultMode()).as("readable for the hub's group").isEqualTo(0440);
    }

    @Test
    void takesOtherSettingsFromAConfigMapThatNeedNotExist() {
        assertThat(container.getEnvFrom())
                .extracting(from -> from.getConfigMapRef().getName(), from -> from.getConfigMapRef()
                        .getOptional())
                .containsExactly(tuple("herald", true));
    }

    @Test
    void namesTheImageWithoutARegistry() {
        assertThat(container.getImage()).matches("herald:[^/:]+");
    }

    @Test
    void containsNothingAboutTheBuildMachine() throws IOException {
        assertThat(Manifest.text()).doesNotContain("vcs-uri", "commit-id", "timestamp", System.getProperty("user.dir"));
    }

    private static String asks(Probe probe) {
        HTTPGetAction get = probe.getHttpGet();
        return get.getScheme() + " " + get.getPort().getIntVal() + " " + get.getPath();
    }
}
