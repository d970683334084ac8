package dev.herald.browser;

import java.util.List;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/** The views of the client page beside the chat, in one tab, as {@link ClientPage} is for the chat. */
final class ToolPage {
    private final ClientPage chat;
    private final Page tab;

    private ToolPage(ClientPage chat) {
        this.chat = chat;
        this.tab = chat.tab();
    }

    /**
     * A tab with the page at that address, which shows a view.
     *
     * @param view as the address names it
     */
    static ToolPage open(BrowserContext profile, String address, String view) {
        ToolPage page = new ToolPage(ClientPage.load(profile, address + "#" + view));
        page.awaitView(view);
        return page;
    }

    /** The same tab's chat, to be used while it is shown. */
    ClientPage chat() {
        return chat;
    }

    Page tab() {
        return tab;
    }

    /** What the browser complained of, as {@link ClientPage#complaints()} tells. */
    List<String> complaints() {
        return chat.complaints();
    }

    /** Goes to a view by its link. */
    void go(String view) {
        tab.locator("#views a[href='#" + view + "']").click();
        awaitView(view);
    }

    private void awaitView(String view) {
        assertThat(tab.locator("main[data-of='" + view + "']")).isVisible();
    }

    /** The button of that name in the view that is shown. */
    Locator button(String name) {
        return tab.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return tab.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** Waits until the page says this about the view's connection, at least. */
    void awaitStatus(String words) {
        assertThat(tab.locator("#status")).containsText(words);
    }

    /** Waits until the view says what is wrong, with these words at least. */
    void awaitProblem(String words) {
        assertThat(tab.getByRole(AriaRole.ALERT)).containsText(words);
    }

    /** Watches these, from where the form says, until the hub answers. */
    void watch(String... selectors) {
        field("Topics and selectors, one a line").fill(String.join("\n", selectors));
        button("Watch").click();
        awaitStatus("Live");
    }

    /** Says where to begin: the words of the choice, and the id or the number that it asks for. */
    void beginWith(String choice, String value) {
        field("Begin with").selectOption(choice);
        if (!value.isEmpty()) {
            tab.locator("#value").fill(value);
        }
    }

    /** The same with an empty list, and after what ran before has ended. */
    void beginAnewWith(String choice, String value) {
        button("Stop").click();
        button("Clear").click();
        beginWith(choice, value);
    }

    /** The rows with that text that are drawn, the page's own remarks included. */
    Locator rows(String text) {
        return rows().filter(new Locator.FilterOptions().setHasText(text));
    }

    /** Waits until the rows are these and no others, from the first to the last; each at least with that text. */
    void awaitRows(String... texts) {
        assertThat(rows()).containsText(texts);
        // What is compared with a list may have more between.
        assertThat(rows()).hasCount(texts.length);
    }

    private Locator rows() {
        return tab.getByRole(AriaRole.LISTBOX).getByRole(AriaRole.OPTION);
    }

    /** Pastes a token into the view for it. */
    void paste(String token) {
        go("token");
        field("Token (JWT)").fill(token);
    }

    /** Sends what the form says, and waits until the view says this about it, at least. */
    void sendAndAwait(String words) {
        button("Send").click();
        assertThat(tab.locator("#send-answer")).containsText(words);
    }

    /** Goes to the view of what can be copied, in this language. */
    void copyAs(String language) {
        go("copy");
        field(language).check();
    }

    /** What is watched, as it can be copied. */
    String subscription() {
        return tab.locator("#copy-subscribe").textContent();
    }

    /** What would be sent, as it can be copied. */
    String publication() {
        return tab.locator("#copy-publish").textContent();
    }
}
