package dev.herald.auth;

/** A setting of {@link AuthConfig} that cannot be. The message names it and says what it can be; never a key. */
public final class AuthSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuthSettingException(String setting, String problem) {
        super(setting + " " + problem);
    }
}
