package dev.herald.browser;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/**
 * The client page in one tab, with its chat, found by what a person or a screen reader finds it by. Whatever is awaited
 * fails the test when it has not come after {@value #DEADLINE_MILLIS} ms.
 */
final class ClientPage {
    static final double DEADLINE_MILLIS = 30_000;

    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private ClientPage(Page page) {
        this.page = page;
        page.setDefaultTimeout(DEADLINE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
    }

    /** A tab with the page at that address, which is live. */
    static ClientPage open(BrowserContext profile, String address) {
        ClientPage page = load(profile, address);
        page.awaitState("Live");
        return page;
    }

    /** A tab with the page at that address, whatever it has to say. */
    static ClientPage load(BrowserContext profile, String address) {
        ClientPage page = new ClientPage(profile.newPage());
        page.page.navigate(address);
        return page;
    }

    /** Errors and warnings of the browser, violations of the content security policy among them, and dialogs. */
    List<String> complaints() {
        return complaints;
    }

    /** The tab itself, for what only one test asks. */
    Page tab() {
        return page;
    }

    Locator input() {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message"));
    }

    /** Writes a text and presses the button. */
    void send(String text) {
        input().fill(text);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send"))
                .click();
    }

    /** All lines of the list in their order, the page's own remarks included. */
    List<String> lines() {
        return list().allTextContents();
    }

    /** Waits until the list has these lines in this order and no others. */
    void awaitLines(String... lines) {
        assertThat(list()).hasText(lines);
    }

    /** Waits until the page says this about its connection, at least. */
    void awaitState(String words) {
        awaitText(page.getByRole(AriaRole.STATUS), words);
    }

    /** Waits until the page says that it may not listen, with these words at least. */
    void awaitRefused(String words) {
        awaitState("Refused");
        awaitText(page.locator("#refused"), "The hub lets nobody listen here");
        awaitText(page.locator("#refused"), words);
    }

    /** Waits until the page says this about a message that was not sent, at least. */
    void awaitRefusal(String words) {
        awaitText(page.getByRole(AriaRole.ALERT), words);
    }

    /** Waits until the page has the answer to a message that was taken: nothing to say, and room for the next. */
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
