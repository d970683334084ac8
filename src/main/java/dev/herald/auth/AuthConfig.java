package dev.herald.auth;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of access control. */
@ConfigMapping(prefix = "herald")
public interface AuthConfig {

    /**
     * Whether every client that reaches the hub may publish and subscribe without a token. {@code false} in production,
     * where the hub then refuses to start until keys or anonymous access are configured. {@code true} in dev and test.
     * Private updates can be read only with a token, in either case.
     */
    @WithDefault("false")
    boolean open();

    /** Tokens and anonymous access. */
    Auth auth();

    /** Tokens and anonymous access. */
    interface Auth {

        /** Keys that verify publishers' tokens. Without one, no client can publish with a token. */
        Keys publisher();

        /** Keys that verify subscribers' tokens. Without one, no client can read private updates. */
        Keys subscriber();

        /** Required {@code iss} of a token, compared exactly (RFC 7519 §4.1.1). Default: any, or none. */
        Optional<String> issuer();

        /**
         * Required {@code aud} of a token, or one of its values, compared exactly (RFC 7519 §4.1.3). Default: any, or
         * none.
         */
        Optional<String> audience();

        /** Access without a token. */
        Anonymous anonymous();

        /** Cookie in which a browser may send its token. */
        Cookie cookie();
    }

    /**
     * Source of the keys that verify one side's tokens: at most one of a key, a key file, or an issuer's JWK set URL.
     */
    interface Keys {

        /**
         * The key: a secret as UTF-8 text, or a public key or certificate in PEM. Default: none. A secret must be at
         * least as long as its algorithm's hash (RFC 7518 §3.2): 32 bytes for HS256.
         */
        Optional<String> key();

        /**
         * File with a public key or certificate in PEM, or with the bytes of a secret; one line break at its end
         * is ignored. Read at the start, so a new key requires a restart. Default: none.
         */
        Optional<String> keyFile();

        /**
         * URL of an issuer's public keys as a JWK set (RFC 7517). {@code https}, or {@code http} to this machine.
         * Fetched at the start, when a token names an unknown key, and every ten minutes. While the issuer is
         * unreachable, the known keys remain valid. Default: none.
         */
        Optional<String> jwksUrl();

        /**
         * Accepted algorithms; a token cannot choose another one. Default: HS256 for a secret, RS256 for RSA, the
         * curve's own for elliptic curves; RS256, ES256 and EdDSA for an issuer's keys, which cannot be secrets.
         */
        Optional<List<String>> algorithms();
    }

    /** Access without a token. */
    interface Anonymous {

        /**
         * Whether clients without a token may read updates that are not private. Default: as {@code herald.open}. A
         * token that is sent must still be valid.
         */
        Optional<Boolean> subscribe();

        /** Whether clients without a token may publish, to every topic. Default: as {@code herald.open}. */
        Optional<Boolean> publish();
    }

    /** Cookie in which a browser may send its token. */
    interface Cookie {

        /** Name of the cookie. */
        @WithDefault("mercureAuthorization")
        String name();

        /**
         * Origins, such as {@code https://shop.example}, whose pages may publish with the cookie. Default: none, so
         * that no page can publish in the name of its reader. No wildcards: a page of any compromised subdomain could
         * publish as every user.
         */
        Optional<List<String>> origins();
    }
}
