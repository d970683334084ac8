/**
 * Tests of the client page in a real browser: Chromium, driven by Playwright. Each test class starts one {@link
 * dev.herald.browser.Chromium} and gives each test a fresh profile. {@link dev.herald.browser.ChatPage} is a page
 * object, and {@link dev.herald.browser.CuttableProxy} a connection that can be cut.
 *
 * <p>Without Chromium the tests are skipped with a message; with {@code CI} set they fail. Playwright belongs to the
 * thread that created it, so nothing here is shared between threads.
 */
package dev.herald.browser;
