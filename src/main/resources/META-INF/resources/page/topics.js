import { byId, make } from './dom.js';
import { abbreviated } from './format.js';

const MAX_TOPICS = 200;

/** Topics of an event; without an envelope, those that its subscription tells. */
export function topicsOf({ event, topic }) {
  return event.topics ?? (topic === undefined ? [] : [topic]);
}

/** Hue of a topic, in degrees: the same in every list. */
export function hue(topic) {
  let hash = 0;
  for (const character of topic) {
    hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  }
  // Distant hues for similar numbers.
  return Math.round((hash * 137.508) % 360);
}

/** Choice of one of the topics of a list of events. It is shown once there are several. */
export class TopicFilter {
  #select = byId('only');
  #seen = new Set();
  #rendered = 0;
  #value = '';

  /** @param changed called when the user has chosen */
  constructor(changed) {
    this.#select.addEventListener('change', () => {
      this.#value = this.#select.value;
      changed();
    });
  }

  /** Chosen topic; empty for all. */
  get value() {
    return this.#value;
  }

  set value(topic) {
    this.#value = topic;
    this.add(topic === '' ? [] : [topic]);
    this.render();
    this.#select.value = topic;
  }

  /** Adds topics that can be chosen. */
  add(topics) {
    topics.forEach(topic => this.#seen.size < MAX_TOPICS && this.#seen.add(topic));
  }

  /** Shows the topics that were added since the last time. */
  render() {
    const added = [...this.#seen].slice(this.#rendered);
    this.#rendered = this.#seen.size;
    this.#select.append(...added.map(topic => make('option', { value: topic }, abbreviated(topic))));
    this.#select.hidden = this.#seen.size < 2 && this.#value === '';
  }

  matches(item) {
    return this.#value === '' || topicsOf(item).includes(this.#value);
  }
}
