/** A client of event streams for tests, written from HTML §9.2 and from nothing of Herald's own. */
package dev.herald.sse;
