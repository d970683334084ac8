import { title } from './title.js';
import { messages } from './words.js';

const NEAR_THE_END_PIXELS = 40;

/**
 * Keeps the newest line in view for a reader who is at the end of the list. A reader who has scrolled up is left in peace,
 * and told how many lines are new; one who looks at another tab reads it in the title.
 */
export class Reader {
  #newer;
  #shown = false;
  #following = true;
  #reached = 0;
  #frame;
  #below = 0;
  #unseen = 0;

  /** @param newer the button that leads to the newest line */
  constructor(newer) {
    this.#newer = newer;
    addEventListener('scroll', () => this.#shown && this.#look(), { passive: true });
    addEventListener('resize', () => this.#following && this.#follow());
    document.addEventListener('visibilitychange', () => this.#count(0));
  }

  /** Whether the list is on the page now; what the page scrolls is else another view. */
  show(shown) {
    this.#shown = shown;
    if (shown && this.#following) {
      this.#follow();
    }
  }

  /**
   * A line was added.
   *
   * @param news whether it counts among those that the reader has not seen
   */
  grew(news = true) {
    if (document.hidden && news) {
      this.#count(this.#unseen + 1);
    }
    if (this.#following) {
      this.#follow();
    } else if (news) {
      this.#offer(this.#below + 1);
    }
  }

  /** Shows the newest line, and the next ones as they come. */
  toTheEnd() {
    this.#following = true;
    this.#offer(0);
    this.#follow();
  }

  #look() {
    const page = document.documentElement;
    const nearTheEnd = page.scrollHeight - innerHeight - scrollY < NEAR_THE_END_PIXELS;
    // Lines that came since the last frame take the end further away: only who went back has stopped following.
    this.#following = nearTheEnd || (this.#following && scrollY >= this.#reached);
    // Who follows must not be held where the text was when lines leave the list at its top; who reads must.
    page.style.overflowAnchor = this.#following ? 'none' : 'auto';
    if (this.#following) {
      this.#offer(0);
    }
  }

  /** Once a frame, however many lines came: each look at the height of the page costs a layout. */
  #follow() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (!this.#shown) {
        return;
      }
      scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
      this.#reached = scrollY;
    });
  }

  #offer(below) {
    this.#below = below;
    this.#newer.hidden = below === 0;
    this.#newer.textContent = `${messages(below)} below`;
  }

  #count(unseen) {
    this.#unseen = unseen;
    title.unseen = unseen;
  }
}
