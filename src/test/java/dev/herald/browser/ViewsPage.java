package dev.herald.browser;

import java.util.List;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/** Page object of the views other than the chat, in one tab; {@link ChatPage} is that of the chat. */
final class ViewsPage {
    private final ChatPage chat;
    private final Page tab;

    private ViewsPage(ChatPage chat) {
        this.chat = chat;
        this.tab = chat.tab();
    }

    /**
     * Opens a tab with a view of the page at that address.
     *
     * @param view as named in the address
     */
    static ViewsPage open(BrowserContext profile, String address, String view) {
        ViewsPage page = new ViewsPage(ChatPage.load(profile, address + "#" + view));
        page.awaitView(view);
        return page;
    }

    /** Opens a tab at an address of the view Watch that was shared. */
    static ViewsPage openShared(BrowserContext profile, String address) {
        ViewsPage page = new ViewsPage(ChatPage.load(profile, address));
        page.awaitView("watch");
        return page;
    }

    /** The chat of the same tab, usable while it is shown. */
    ChatPage chat() {
        return chat;
    }

    Page tab() {
        return tab;
    }

    /** The same as {@link ChatPage#errors()}. */
    List<String> errors() {
        return chat.errors();
    }

    /** Goes to a view by its link. */
    void go(String view) {
        tab.locator("#views a[href='#" + view + "']").click();
        awaitView(view);
    }

    private void awaitView(String view) {
        Locator shown = tab.locator("main[data-for-view='" + view + "']");
        try {
            assertThat(shown).isVisible();
        } catch (AssertionError failure) {
            throw new AssertionError("The view " + view + " is not shown; " + chat.diagnosis(), failure);
        }
    }

    /** The button of that name in the view that is shown. */
    Locator button(String name) {
        return tab.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return tab.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** Waits until the status of the view's connection contains this text. */
    void awaitStatus(String words) {
        assertThat(tab.locator("#status")).containsText(words);
    }

    /** Waits until the view's error contains this text. */
    void awaitProblem(String words) {
        assertThat(tab.getByRole(AriaRole.ALERT)).containsText(words);
    }

    /** Watches these topics from the chosen start, and waits until the hub responds. */
    void watch(String... selectors) {
        field("Topics and selectors, one per line").fill(String.join("\n", selectors));
        button("Watch").click();
        awaitStatus("Live");
    }

    /** Selects the start: the text of the choice, and its id or number. */
    void beginWith(String choice, String value) {
        field("Start with").selectOption(choice);
        if (!value.isEmpty()) {
            tab.locator("#value").fill(value);
        }
    }

    /** Selects the start after stopping the running watch and clearing the list. */
    void beginAnewWith(String choice, String value) {
        button("Stop").click();
        button("Clear").click();
        beginWith(choice, value);
    }

    /** Rendered rows with that text, including the page's own remarks. */
    Locator rows(String text) {
        return rows().filter(new Locator.FilterOptions().setHasText(text));
    }

    /** Waits until the list has exactly these rows in this order, each containing its text. */
    void awaitRows(String... texts) {
        assertThat(rows()).containsText(texts);
        // A comparison with a list allows other rows in between.
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

    /** Sends the form, and waits until the view's result contains this text. */
    void sendAndAwait(String words) {
        button("Send").click();
        assertThat(tab.locator("#send-result")).containsText(words);
    }

    /** Goes to the view with code to copy, in this language. */
    void copyAs(String language) {
        go("copy");
        field(language).check();
    }

    /** Code to copy that watches. */
    String subscription() {
        return tab.locator("#copy-subscribe").textContent();
    }

    /** Code to copy that sends. */
    String publication() {
        return tab.locator("#copy-publish").textContent();
    }
}
