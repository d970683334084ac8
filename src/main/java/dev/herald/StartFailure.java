package dev.herald;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import dev.herald.settings.ListenAddresses;
import dev.herald.settings.MappingProblem;
import dev.herald.settings.SettingsCheck;
import dev.herald.settings.TlsFiles;

/**
 * Explanation of a start that failed: a sentence for each mistake in the configuration, without a stack trace, since
 * only the operator can correct it. Quarkus itself would print a stack trace for most of them (decision 205).
 */
final class StartFailure {
    private static final Logger LOG = Logger.getLogger(StartFailure.class);
    private static final String PREFIX = "Herald does not start: ";
    private static final Pattern BIND = Pattern.compile("bind\\(.*\\) failed.*");
    private static final String TLS = "io.quarkus.tls.";

    private StartFailure() {}

    /** The exception for faults, each a sentence without its end. Quarkus prints its message without a stack. */
    static ConfigurationException of(List<String> faults) {
        return new ConfigurationException(String.join(
                System.lineSeparator(),
                faults.stream().map(fault -> PREFIX + fault + ".").toList()));
    }

    /**
     * Handler of the end of the process: reports a failed start, and exits as Quarkus does by default.
     *
     * @param failure null after a start that succeeded
     */
    static void exit(int code, Throwable failure) {
        if (failure != null) {
            report(failure);
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }

    private static void report(Throwable failure) {
        List<String> lines = explain(failure, () -> ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
        if (lines.isEmpty()) {
            LOG.error("Herald does not start.", failure);
        }
        // Without a logger, which may not be configured yet, and as Quarkus reports its own.
        lines.forEach(System.err::println);
    }

    /**
     * The lines that explain a failure to the operator; empty if it is none of the configuration.
     *
     * @param config configuration of the failed start, with or without its mappings; called at most once
     */
    static List<String> explain(Throwable failure, Supplier<SmallRyeConfig> config) {
        List<Throwable> causes = causes(failure).toList();
        Optional<ConfigurationException> own = first(causes, ConfigurationException.class);
        if (own.isPresent()) {
            String message = String.valueOf(own.get().getMessage());
            return List.of(message.startsWith(PREFIX) ? message : PREFIX + message);
        }
        return faults(causes, config).stream()
                .map(fault -> PREFIX + fault + ".")
                .toList();
    }

    private static List<String> faults(List<Throwable> causes, Supplier<SmallRyeConfig> config) {
        Optional<ConfigValidationException> mapping = first(causes, ConfigValidationException.class);
        if (mapping.isPresent()) {
            return ofMapping(mapping.get(), config.get());
        }
        Optional<QuarkusBindException> port = first(causes, QuarkusBindException.class);
        if (port.isPresent()) {
            return List.of(ListenAddresses.sentence(
                    port.get().getHost(),
                    port.get().getPort(),
                    String.valueOf(port.get().getMessage())));
        }
        Optional<Throwable> bind =
                causes.stream().filter(StartFailure::isOfBinding).findFirst();
        if (bind.isPresent()) {
            return ofBinding(bind.get(), config.get());
        }
        return causes.stream().anyMatch(StartFailure::isOfTls) ? ofTls(causes, config.get()) : List.of();
    }

    private static List<String> ofMapping(ConfigValidationException mapping, SmallRyeConfig config) {
        List<String> problems = IntStream.range(0, mapping.getProblemCount())
                .mapToObj(i -> mapping.getProblem(i).getMessage())
                .toList();
        List<String> faults = new ArrayList<>(new SettingsCheck(ConfigInterfaces.schema(), config).faults());
        problems.stream()
                .flatMap(problem -> MappingProblem.sentence(problem).stream())
                .forEach(faults::add);
        return faults.isEmpty() ? problems.stream().map(MappingProblem::plain).toList() : faults;
    }

    private static List<String> ofBinding(Throwable bind, SmallRyeConfig config) {
        List<String> faults = new ListenAddresses(config).faults();
        return faults.isEmpty()
                ? List.of("an address cannot be opened (quarkus.http.host, quarkus.http.port, quarkus.http.ssl-port): "
                        + bind.getMessage())
                : faults;
    }

    private static List<String> ofTls(List<Throwable> causes, SmallRyeConfig config) {
        List<String> faults = new TlsFiles(config).faults();
        return faults.isEmpty()
                ? List.of("the files of the TLS configuration (quarkus.tls.*) cannot be used: "
                        + causes.get(causes.size() - 1).getMessage())
                : faults;
    }

    private static boolean isOfBinding(Throwable cause) {
        return cause instanceof IOException
                && BIND.matcher(String.valueOf(cause.getMessage())).matches();
    }

    private static boolean isOfTls(Throwable cause) {
        return Stream.of(cause.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(TLS));
    }

    private static <T> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
