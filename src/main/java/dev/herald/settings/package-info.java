/**
 * Check of the settings at the start. Each value of a {@code @ConfigMapping} interface must be parseable and lie in its
 * {@link dev.herald.settings.Range}. Each key and variable must exist, and addresses and files of other settings must
 * be usable. Each fault is one sentence with the key, the value and what is allowed; values that are secrets are never
 * part of it.
 *
 * <p>{@link dev.herald.settings.Schema} reads types, defaults and ranges from the interfaces, so that a new setting
 * needs no other list. Start with {@link dev.herald.settings.SettingsCheck}. Nothing here creates a file.
 */
package dev.herald.settings;
