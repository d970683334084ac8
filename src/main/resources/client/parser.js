/**
 * Parser of an event stream that arrives as bytes cut anywhere (HTML §9.2.6). An item is a published `event`, a signal of
 * the hub (`live`, `gap`, `end`), whose id begins with a character that publishers may not use, or a `position`.
 */
export class StreamParser {
  #decoder = new TextDecoder();
  #rest = [];
  #afterReturn = false;
  #id;
  #ownId = false;
  #type = '';
  #data = [];
  #started = false;
  #hasReplay;
  #keepsRaw;
  #block = [];

  /** Reconnection time that the hub asked for, in milliseconds. */
  retry;

  /**
   * @param hasReplay whether the hub will signal the end of a replay
   * @param keepsRaw whether items have their lines as `raw`, without comments
   */
  constructor(lastEventId = '', hasReplay = false, keepsRaw = false) {
    this.#id = lastEventId;
    this.#hasReplay = hasReplay;
    this.#keepsRaw = keepsRaw;
  }

  push(bytes) {
    const items = [];
    for (const line of this.#lines(this.#decoder.decode(bytes, { stream: true }))) {
      if (line !== '') {
        this.#parse(line);
        continue;
      }
      if (this.#ownId || this.#data.length > 0) {
        items.push(this.#item());
      }
      this.#type = '';
      this.#block = [];
    }
    return items;
  }

  *#lines(text) {
    // The CR of a CRLF has already ended the line.
    let start = this.#afterReturn && text[0] === '\n' ? 1 : 0;
    this.#afterReturn = text === '' ? this.#afterReturn : text.endsWith('\r');
    for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) {
      if (index >= start) {
        this.#rest.push(text.slice(start, index));
        yield this.#rest.splice(0).join('');
        start = index + end.length;
      }
    }
    this.#rest.push(text.slice(start));
  }

  #parse(line) {
    if (this.#keepsRaw && line[0] !== ':') {
      this.#block.push(line);
    }
    const [, name, value] = /^([^:]*)(?::\x20?)?(.*)$/s.exec(line);
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      // Remembered by the connection at the end of the block: an incomplete one is sent again.
      this.#id = value;
      this.#ownId = true;
    } else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retry = Number(value);
    }
  }

  #item() {
    const item = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') };
    const kind = this.#kind(item);
    this.#started = true;
    this.#ownId = false;
    this.#data = [];
    return { ...item, kind, ...(this.#keepsRaw && { raw: this.#block.join('\n') }) };
  }

  #kind({ id, type }) {
    const isSignal = this.#ownId && id.startsWith('#');
    if (type === 'end' && (isSignal || !this.#started)) {
      // A stream that was not opened, whatever the id.
      return 'end';
    }
    if (isSignal) {
      return type === 'gap' ? type : type === 'live' || !(this.#started || this.#hasReplay) ? 'live' : 'position';
    }
    return this.#data.length > 0 ? 'event' : 'position';
  }
}
