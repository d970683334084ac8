package dev.herald.browser;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/**
 * Page object of the chat in one tab. Elements are found by their accessible names. Each wait fails the test after
 * {@value #DEADLINE_MILLIS} ms.
 */
final class ChatPage {
    static final double DEADLINE_MILLIS = 30_000;

    private final Page page;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

    private ChatPage(Page page) {
        this.page = page;
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.onRequest(request -> unfinished.add(request.url()));
        page.onRequestFinished(request -> unfinished.remove(request.url()));
        page.onRequestFailed(request -> failed.add(request.url() + ": " + request.failure()));
        page.onDialog(dialog -> {
            errors.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
    }

    /** Opens a tab at that address and waits until it is live. */
    static ChatPage open(BrowserContext profile, String address) {
        ChatPage page = load(profile, address);
        page.awaitState("Live");
        return page;
    }

    /** Opens a tab at that address without waiting. */
    static ChatPage load(BrowserContext profile, String address) {
        ChatPage page = new ChatPage(profile.newPage());
        page.page.navigate(address);
        return page;
    }

    /** Errors and warnings of the browser, including violations of the content security policy, and dialogs. */
    List<String> errors() {
        return errors;
    }

    /** For the failure of a test: errors, requests that failed, and requests whose response has not ended. */
    String diagnosis() {
        return "errors: " + errors + ", failed: " + failed + ", unfinished: " + unfinished;
    }

    /** The underlying tab. */
    Page tab() {
        return page;
    }

    Locator input() {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message"));
    }

    /** Enters a text and presses the button. */
    void send(String text) {
        input().fill(text);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send"))
                .click();
    }

    /** All lines of the list in order, including the page's own remarks. */
    List<String> lines() {
        return list().allTextContents();
    }

    /** Waits until the list has exactly these lines in this order. */
    void awaitLines(String... lines) {
        assertThat(list()).hasText(lines);
    }

    /** Waits until the connection's status contains this text. */
    void awaitState(String words) {
        awaitText(page.getByRole(AriaRole.STATUS), words);
    }

    /** Waits until the page shows that its stream was rejected, with this text. */
    void awaitRejected(String words) {
        awaitState("Rejected");
        awaitText(page.locator("#rejected"), "The hub rejected the subscription");
        awaitText(page.locator("#rejected"), words);
    }

    /** Waits until the page shows this text about a rejected message. */
    void awaitSendError(String words) {
        awaitText(page.getByRole(AriaRole.ALERT), words);
    }

    /** Waits until a message is accepted: no error and an empty field. */
    void awaitSent() {
        assertThat(input()).hasValue("");
        assertThat(page.getByRole(AriaRole.ALERT)).isEmpty();
    }

    private Locator list() {
        return page.getByRole(AriaRole.LOG).getByRole(AriaRole.LISTITEM);
    }

    private static void awaitText(Locator place, String words) {
        assertThat(place).containsText(words);
    }
}
