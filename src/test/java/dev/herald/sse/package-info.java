/** Client of event streams for tests, written from HTML §9.2 without any code of the hub. */
package dev.herald.sse;
