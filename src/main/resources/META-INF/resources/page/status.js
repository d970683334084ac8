/** What the shown view says about its connection, in one place; each view may speak at any time. */
class Status {
  #element = document.getElementById('status');
  #said = {};
  #view = '';

  /** Remembers what a view says, and shows it if the view is shown. */
  tell(view, state, words) {
    this.#said[view] = { state, words };
    this.#show();
  }

  /** Shows what this view says, or nothing. */
  show(view) {
    this.#view = view;
    this.#show();
  }

  /** Says only what is new, since a screen reader repeats what is set again. */
  #show() {
    const { state = 'none', words = '' } = this.#said[this.#view] ?? {};
    this.#element.dataset.state = state;
    if (this.#element.textContent !== words) {
      this.#element.textContent = words;
    }
  }
}

export const status = new Status();
