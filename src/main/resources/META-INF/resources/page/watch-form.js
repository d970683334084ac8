import { byId } from './dom.js';
import { streamUrl, topics } from './hub.js';

const PLACES = ['latest', 'now', 'earliest', 'after'];
const USUAL_LATEST = '20';

/** What to watch, and where to begin. */
class WatchForm {
  #form = byId('watch-form');
  #fields = this.#form.elements;

  /** Called when it is to begin. */
  submitted = () => {};

  /** Gives the id that is most likely meant by who begins after one. */
  lastId = () => '';

  constructor() {
    const { selectors, from, value } = this.#fields;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.submitted();
    });
    selectors.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#form.requestSubmit();
      }
    });
    from.addEventListener('change', () => {
      value.value = from.value === 'latest' ? USUAL_LATEST : this.lastId();
      this.#askForValue();
    });
    selectors.value = (topics.length > 0 ? topics : ['*']).join('\n');
    this.#askForValue();
  }

  get selectors() {
    return this.#fields.selectors.value
      .split('\n')
      .map(entry => entry.trim())
      .filter(entry => entry !== '');
  }

  /** The parameters that make a stream begin there, in pairs. */
  get start() {
    const { from, value } = this.#fields;
    const given = value.value.trim();
    if (from.value === 'latest') {
      return [['since', given || USUAL_LATEST]];
    }
    if (from.value === 'earliest') {
      return [['since', 'earliest']];
    }
    // With "since" alone, an id that is a number would count events.
    return from.value === 'after' && given !== '' ? [['lastEventID', given], ['since', '1']] : [];
  }

  /** Address of such a stream. */
  get address() {
    return streamUrl(this.selectors, this.start);
  }

  /** What it says, for the page's address. */
  get parameters() {
    const { from, value } = this.#fields;
    const all = new URLSearchParams(this.selectors.map(selector => ['topic', selector]));
    all.set('from', from.value);
    all.set('value', value.value);
    return all;
  }

  /** Says what the page's address does. */
  set parameters(given) {
    const from = given.get('from');
    this.#fields.selectors.value = given.getAll('topic').join('\n');
    this.#begin(PLACES.includes(from) ? from : 'now', given.get('value') ?? '');
  }

  /** Says that it begins after that event of what these select. */
  beginAfter(id, selectors) {
    this.#fields.selectors.value = selectors.join('\n');
    this.#begin('after', id);
  }

  #begin(from, value) {
    this.#fields.from.value = from;
    this.#fields.value.value = value;
    this.#askForValue();
  }

  /** A number, an id, or nothing: as the choice needs it. */
  #askForValue() {
    const { from, value } = this.#fields;
    const label = { latest: 'How many', after: 'Id' }[from.value];
    byId('value-field').hidden = label === undefined;
    byId('value-label').textContent = label ?? '';
    value.required = label !== undefined;
    value.inputMode = from.value === 'latest' ? 'numeric' : 'text';
    value.pattern = from.value === 'latest' ? '[1-9][0-9]{0,2}|1000' : '.*';
    value.title = from.value === 'latest' ? 'A number from 1 to 1000' : '';
  }
}

export const watchForm = new WatchForm();
