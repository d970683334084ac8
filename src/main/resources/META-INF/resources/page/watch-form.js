import { byId } from './dom.js';
import { streamUrl, topics } from './hub.js';

const STARTS = ['latest', 'each', 'now', 'earliest', 'after'];
const DEFAULT_LATEST = '20';

/** Form with the selectors and the start position of a subscription. */
class WatchForm {
  #form = byId('watch-form');
  #fields = this.#form.elements;

  /** Called when the form is submitted. */
  submitted = () => {};

  /** Returns the default id for a start after an id. */
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
      value.value = from.value === 'latest' ? DEFAULT_LATEST : this.lastId();
      this.#updateValueField();
    });
    selectors.value = (topics.length > 0 ? topics : ['*']).join('\n');
    this.#updateValueField();
  }

  get selectors() {
    return this.#fields.selectors.value
      .split('\n')
      .map(entry => entry.trim())
      .filter(entry => entry !== '');
  }

  /** Options of the subscription for the start position. */
  get start() {
    const { from, value } = this.#fields;
    const given = value.value.trim();
    if (from.value === 'latest') {
      return { since: given || DEFAULT_LATEST };
    }
    if (from.value === 'each') {
      return { since: 'latest' };
    }
    if (from.value === 'earliest') {
      return { since: 'earliest' };
    }
    // As "since", an id that is a number would be a number of events.
    return from.value === 'after' ? { lastEventId: given } : {};
  }

  /** URL of the stream. */
  get url() {
    const { since, lastEventId } = this.start;
    const parameters = lastEventId ? [['lastEventID', lastEventId], ['since', '1']] : since ? [['since', since]] : [];
    return streamUrl(this.selectors, parameters);
  }

  /** Values of the form, for the URL of the page. */
  get parameters() {
    const { from, value } = this.#fields;
    const all = new URLSearchParams(this.selectors.map(selector => ['topic', selector]));
    all.set('from', from.value);
    all.set('value', value.value);
    return all;
  }

  /** Sets the values of the form from the URL of the page. */
  set parameters(given) {
    const from = given.get('from');
    this.#fields.selectors.value = given.getAll('topic').join('\n');
    this.#setStart(STARTS.includes(from) ? from : 'now', given.get('value') ?? '');
  }

  /** Sets the selectors, and a start after an event. */
  startAfter(id, selectors) {
    this.#fields.selectors.value = selectors.join('\n');
    this.#setStart('after', id);
  }

  #setStart(from, value) {
    this.#fields.from.value = from;
    this.#fields.value.value = value;
    this.#updateValueField();
  }

  /** Adapts the second field to the kind of start: a number, an id, or hidden. */
  #updateValueField() {
    const { from, value } = this.#fields;
    const label = { latest: 'Number of events', after: 'Event id' }[from.value];
    byId('value-field').hidden = label === undefined;
    byId('value-label').textContent = label ?? '';
    value.required = label !== undefined;
    value.inputMode = from.value === 'latest' ? 'numeric' : 'text';
    value.pattern = from.value === 'latest' ? '[1-9][0-9]{0,2}|1000' : '.*';
    value.title = from.value === 'latest' ? 'A number from 1 to 1000' : '';
  }
}

export const watchForm = new WatchForm();
