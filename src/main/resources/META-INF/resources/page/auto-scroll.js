import { messages } from './format.js';
import { title } from './title.js';

const NEAR_END_PIXELS = 40;

/**
 * Scrolls to the newest line while the user is at the end of the list. After the user has scrolled up, a button shows the
 * number of new lines; while the tab is hidden, its title shows the number of unread ones.
 */
export class AutoScroll {
  #button;
  #shown = false;
  #following = true;
  #reached = 0;
  #frame;
  #below = 0;
  #unread = 0;

  /** @param button scrolls to the newest line */
  constructor(button) {
    this.#button = button;
    addEventListener('scroll', () => this.#shown && this.#scrolled(), { passive: true });
    addEventListener('resize', () => this.#following && this.#scrollToEnd());
    document.addEventListener('visibilitychange', () => this.#setUnread(0));
  }

  /** Sets whether the list is shown; otherwise another view scrolls the page. */
  show(shown) {
    this.#shown = shown;
    if (shown && this.#following) {
      this.#scrollToEnd();
    }
  }

  /**
   * Call after a line was added.
   *
   * @param unread whether it counts as unread
   */
  lineAdded(unread = true) {
    if (document.hidden && unread) {
      this.#setUnread(this.#unread + 1);
    }
    if (this.#following) {
      this.#scrollToEnd();
    } else if (unread) {
      this.#setBelow(this.#below + 1);
    }
  }

  /** Scrolls to the newest line, and follows further ones. */
  toEnd() {
    this.#following = true;
    this.#setBelow(0);
    this.#scrollToEnd();
  }

  #scrolled() {
    const page = document.documentElement;
    const nearEnd = page.scrollHeight - innerHeight - scrollY < NEAR_END_PIXELS;
    // Lines added since the last frame move the end away: only scrolling back stops following.
    this.#following = nearEnd || (this.#following && scrollY >= this.#reached);
    // When old lines are removed, keep the reading position of a user who does not follow.
    page.style.overflowAnchor = this.#following ? 'none' : 'auto';
    if (this.#following) {
      this.#setBelow(0);
    }
  }

  /** Scrolls once a frame, however many lines were added: reading the height of the page costs a layout. */
  #scrollToEnd() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (!this.#shown) {
        return;
      }
      scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
      this.#reached = scrollY;
    });
  }

  #setBelow(below) {
    this.#below = below;
    this.#button.hidden = below === 0;
    this.#button.textContent = `${messages(below)} below`;
  }

  #setUnread(unread) {
    this.#unread = unread;
    title.unread = unread;
  }
}
