package dev.herald.auth;

/**
 * Invalid value of a setting of {@link AuthConfig}. The message names the setting and what is allowed; it has no key.
 */
public final class AuthSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuthSettingException(String setting, String problem) {
        super(setting + " " + problem);
    }
}
