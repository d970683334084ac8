/** Connection status of the shown view. Each view may set its status at any time. */
class Status {
  #element = document.getElementById('status');
  #byView = {};
  #view = '';

  /** Sets the status of a view, and shows it if the view is shown. */
  set(view, state, text) {
    this.#byView[view] = { state, text };
    this.#render();
  }

  /** Shows the status of this view, if it has one. */
  show(view) {
    this.#view = view;
    this.#render();
  }

  /** Updates changed text only: screen readers read out text that is set again. */
  #render() {
    const { state = 'none', text = '' } = this.#byView[this.#view] ?? {};
    this.#element.dataset.state = state;
    if (this.#element.textContent !== text) {
      this.#element.textContent = text;
    }
  }
}

export const status = new Status();
