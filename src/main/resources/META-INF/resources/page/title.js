/** The tab's title: which view is shown, and how many messages came while nobody looked. */
class Title {
  #view = '';
  #unseen = 0;

  /** The view's name; the chat has none. */
  set view(name) {
    this.#view = name;
    this.#tell();
  }

  set unseen(count) {
    this.#unseen = count;
    this.#tell();
  }

  #tell() {
    const name = this.#view ? `${this.#view} · Herald` : 'Herald';
    document.title = this.#unseen === 0 ? name : `(${this.#unseen}) ${name}`;
  }
}

export const title = new Title();
