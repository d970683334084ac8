package dev.herald;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.Authenticator;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.http.BodyReader;
import dev.herald.http.HttpConfig;
import dev.herald.http.OriginList;
import dev.herald.http.PublishConfig;
import dev.herald.limit.LimitsConfig;
import dev.herald.limit.TrustedProxies;
import dev.herald.settings.ListenAddresses;
import dev.herald.settings.ServerVariables;
import dev.herald.settings.SettingsCheck;
import dev.herald.settings.TlsFiles;

/**
 * Check of all settings before anything else starts: nothing is created, opened or fetched before they are accepted.
 * Types, ranges and names are those of the config interfaces ({@link SettingsCheck}); what an interface cannot express
 * is here. Invalid ones stop the start with a sentence for each. Bean Validation alone took two fifths of the start
 * (decision 005).
 */
@ApplicationScoped
class Settings {
    private static final Logger LOG = Logger.getLogger(Settings.class);
    private static final int BEFORE_ALL_OTHERS = 1;
    private static final String ANY_ORIGIN = "*";
    /** Cookie name (RFC 6265 §4.1.1). */
    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private final PublishConfig publish;
    private final HttpConfig web;
    private final AuthConfig auth;
    private final LimitsConfig limits;

    Settings(PublishConfig publish, HttpConfig web, AuthConfig auth, LimitsConfig limits) {
        this.publish = publish;
        this.web = web;
        this.auth = auth;
        this.limits = limits;
    }

    /**
     * Checks all settings, and reads the keys.
     *
     * @param authenticator created here, after the settings are known to be valid
     * @throws ConfigurationException with a sentence for each invalid setting
     */
    void start(@Observes @Priority(BEFORE_ALL_OTHERS) StartupEvent event, Instance<Authenticator> authenticator) {
        SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
        check(config, Runtime.getRuntime().maxMemory());
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            checkServer(config);
        }
        if (authenticator.get().rejectsAll()) {
            throw new ConfigurationException("Herald does not start: no client could publish or subscribe. Set"
                    + " HERALD_OPEN=true (or -Dherald.open=true) to allow all clients that reach it to do both, or"
                    + " HERALD_AUTH_PUBLISHER_KEY_FILE and HERALD_AUTH_SUBSCRIBER_KEY_FILE (or both without _FILE, with the"
                    + " keys themselves) to require tokens.");
        }
    }

    /**
     * Checks Herald's own settings, and warns of misspelt variables.
     *
     * @param heapBytes maximum size of the heap
     * @throws ConfigurationException with a sentence for each invalid setting
     */
    void check(SmallRyeConfig config, long heapBytes) {
        SettingsCheck settings = new SettingsCheck(ConfigInterfaces.schema(), config);
        rejectIfAny(settings.faults());
        check(heapBytes);
        if (config.getOptionalValue("herald.tracing.enabled", Boolean.class).orElse(false)) {
            rejectIfAny(TracingProducer.settings(config).faults());
        }
        settings.misspeltVariables()
                .forEach((variable, nearest) -> LOG.warnf(
                        "This environment variable has no effect: Herald has no such setting. variable=%s nearest=%s",
                        variable, nearest));
        new ServerVariables(config)
                .misspelt()
                .forEach((variable, nearest) -> LOG.warnf(
                        "This environment variable probably has no effect: it is nearly one of the server's. variable=%s"
                                + " nearest=%s",
                        variable, nearest));
    }

    /** Checks the files and addresses of the server. */
    private static void checkServer(SmallRyeConfig config) {
        List<String> faults = new ArrayList<>(new TlsFiles(config).faults());
        faults.addAll(new ListenAddresses(config).faults());
        rejectIfAny(faults);
    }

    private static void rejectIfAny(List<String> faults) {
        if (!faults.isEmpty()) {
            throw StartFailure.of(faults);
        }
    }

    private void check(long heapBytes) {
        long largestBody = BodyReader.largestBody(heapBytes);
        require(
                publish.maxBody().asLongValue() <= largestBody,
                "herald.publish.max-body",
                "must be at most " + largestBody
                        + " bytes with this heap, since parsing takes up to 12 times the size of"
                        + " a body; set a smaller one, or a larger heap (-Xmx)");
        require(isTopic(web.topic().defaultName()), "herald.topic.default", "must be one line of 1 to 4096 bytes");
        for (String origin : web.cors().origins().orElse(List.of())) {
            require(
                    origin.equals(ANY_ORIGIN) || OriginList.isOrigin(origin) || OriginList.isWildcard(origin),
                    "herald.cors.origins",
                    "must be origins such as https://shop.example, without a path, in ASCII (xn--… for other"
                            + " letters), or"
                            + " https://*.shop.example for one label in place of the star, or *, and '" + origin
                            + "' is none");
        }
        check(auth.auth().cookie());
        for (String proxy : limits.trustedProxies().orElse(List.of())) {
            require(
                    TrustedProxies.isBlock(proxy),
                    "herald.limits.trusted-proxies",
                    "must be IP addresses or blocks such as 10.0.0.0/8 and fd00::/8, and '" + proxy + "' is none");
        }
    }

    private static void check(AuthConfig.Cookie cookie) {
        require(
                COOKIE_NAME.matcher(cookie.name()).matches(),
                "herald.auth.cookie.name",
                "must be letters, digits and some of !#$%&'*+.^_`|~-, and '" + cookie.name() + "' is not");
        for (String origin : cookie.origins().orElse(List.of())) {
            require(
                    OriginList.isOrigin(origin),
                    "herald.auth.cookie.origins",
                    "must be origins such as https://shop.example, without a path or a star, in ASCII, and '" + origin
                            + "' is none");
        }
    }

    private static boolean isTopic(String name) {
        try {
            return new Topic(name).name().equals(name);
        } catch (InvalidFieldException e) {
            return false;
        }
    }

    private static void require(boolean holds, String key, String range) {
        if (!holds) {
            throw new ConfigurationException("Herald does not start: " + key + " " + range + ".");
        }
    }
}
