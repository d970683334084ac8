package dev.herald.stats;

import java.util.Locale;

/** Reason for which a caller was rejected by its token, or for lack of one. */
public enum TokenRejection {
    /** No token was sent where one is required. */
    MISSING,
    /** The hub has no key for such tokens. */
    NO_KEY,
    /** The token is not a signed JWT, or requires an unsupported feature. */
    MALFORMED,
    /** The token's algorithm is not accepted. */
    ALGORITHM,
    /** No key has the key id of the token or its algorithm, or the token does not name which of several. */
    UNKNOWN_KEY,
    /** The signature does not match. */
    SIGNATURE,
    /** The token has expired. */
    EXPIRED,
    /** The token is not valid yet. */
    NOT_YET_VALID,
    /** {@code exp}, {@code nbf} or {@code iat} is no time in seconds. */
    INVALID_TIME,
    /** The token is valid for longer than allowed. */
    LIFETIME,
    /** The token has another issuer. */
    ISSUER,
    /** The token is for another audience. */
    AUDIENCE,
    /** The claim {@code mercure} is malformed or too large. */
    GRANTS,
    /** The token, or its subject, was revoked. */
    REVOKED,
    /** The token could not be verified at the moment: the keys are missing, or too many tokens wait. */
    UNAVAILABLE;

    /** Name for logs and metrics, such as {@code not-yet-valid}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
