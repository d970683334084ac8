/** Title of the tab: the shown view, and the number of messages received while the tab is hidden. */
class Title {
  #view = '';
  #unread = 0;

  /** Name of the view; empty for the chat. */
  set view(name) {
    this.#view = name;
    this.#render();
  }

  set unread(count) {
    this.#unread = count;
    this.#render();
  }

  #render() {
    const name = this.#view ? `${this.#view} · Herald` : 'Herald';
    document.title = this.#unread === 0 ? name : `(${this.#unread}) ${name}`;
  }
}

export const title = new Title();
