/** Tests of the limits of clients, without HTTP: {@code dev.herald.web.LimitsTest} has the tests over HTTP. */
package dev.herald.limit;
