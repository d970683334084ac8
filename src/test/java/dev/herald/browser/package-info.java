/**
 * The client page in a real browser: Chromium, driven by Playwright. Each test class starts one {@link
 * dev.herald.browser.Chromium} and gives each test a fresh profile; {@link dev.herald.browser.ClientPage} knows what is
 * on the page, {@link dev.herald.browser.Wire} is a connection that can be cut.
 *
 * <p>Without Chromium the tests are skipped, loudly; where {@code CI} is set they fail. Playwright belongs to the thread
 * that made it, so that nothing here is shared between threads.
 */
package dev.herald.browser;
