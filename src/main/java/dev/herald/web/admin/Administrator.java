package dev.herald.web.admin;

import dev.herald.identity.TokenIdentity;

/**
 * Caller who may administer the hub.
 *
 * @param identity of the token, with its fingerprint
 */
record Administrator(TokenIdentity identity) {}
