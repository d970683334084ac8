export { Ring };

function size({ data, id, raw = '' }) {
  return data.length + id.length + raw.length;
}

/** Latest items of a shared connection, in which a page finds its position: exactly, or not at all. */
class Ring {
  #items = [];
  #characters = 0;
  #base;

  /** @param base position of the page with which the connection began */
  constructor(base) {
    this.#base = base;
  }

  add(item) {
    this.#items.push(item);
    this.#characters += size(item);
    while (this.#items.length > 500 || this.#characters > 1_000_000) {
      this.#characters -= size(this.#items.shift());
      this.#base = undefined;
    }
  }

  /** Items after the ids of the `last` item and `event`; for a page without them, from `since` on. */
  after({ last, event }, since) {
    if (last) {
      return this.#find('event', event) ?? this.#find('last', last);
    }
    return since === undefined ? [] : this.#latest(since);
  }

  #latest(since) {
    if (this.#base?.last !== '' || since === 'latest') {
      return undefined;
    }
    let left = isNaN(since) ? Infinity : since;
    const start = this.#items.findLastIndex(item => item.kind === 'event' && --left === 0);
    return this.#items.slice(Math.max(0, start));
  }

  #find(name, id) {
    const found = this.#items.filter(item => item.id === id && (name === 'last' || item.kind === 'event'));
    const isBase = this.#base?.[name] === id;
    // Publishers may use an id twice.
    if (id && found.length + isBase === 1) {
      return isBase ? this.#items : this.#items.slice(this.#items.indexOf(found[0]) + 1);
    }
    return undefined;
  }
}
