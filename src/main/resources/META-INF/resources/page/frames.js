/**
 * Takes an event stream apart as it comes, in pieces cut anywhere (HTML §9.2.6). A browser does this only for an
 * EventSource, which cannot send a token and shows neither raw frames nor events of a type that nobody has named.
 */
export class FrameParser {
  #rest = '';
  #afterReturn = false;
  #first = true;
  #lines = [];
  #id;
  #type = '';
  #data = [];

  /** The last id, as a browser would send it. */
  lastEventId;

  /** What the hub has asked to wait before a reconnection, in milliseconds; undefined until it has. */
  retryMillis;

  /** @param lastEventId what was reached before this stream */
  constructor(lastEventId = '') {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  /**
   * The frames that the text completes. Each has its `raw` lines, `ownId` (whether it had an id), `id` (the last one until
   * then), `type`, and `data`, which is null where a browser would fire no event. A comment between two frames belongs to
   * neither.
   */
  push(text) {
    const frames = [];
    for (const line of this.#split(text)) {
      if (line === '') {
        this.#finish(frames);
      } else {
        this.#take(line);
      }
    }
    return frames;
  }

  #split(text) {
    if (this.#first && text !== '') {
      this.#first = false;
      text = text.replace(/^\uFEFF/, '');
    }
    if (this.#afterReturn && text !== '') {
      this.#afterReturn = false;
      // The line has ended already, at the first half of its CRLF.
      text = text.replace(/^\n/, '');
    }
    const lines = [];
    const all = this.#rest + text;
    const end = /\r\n?|\n/g;
    // What was there before holds no end of a line.
    end.lastIndex = this.#rest.length;
    let start = 0;
    for (let found = end.exec(all); found; found = end.exec(all)) {
      lines.push(all.slice(start, found.index));
      start = end.lastIndex;
      this.#afterReturn = found[0] === '\r' && start === all.length;
    }
    this.#rest = all.slice(start);
    return lines;
  }

  #take(line) {
    if (line.startsWith(':') && this.#lines.length === 0) {
      // A heartbeat: a quiet stream would collect thousands of them.
      return;
    }
    this.#lines.push(line);
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.#id = value;
    } else if (name === 'retry' && /^[0-9]+$/.test(value)) {
      this.retryMillis = Number(value);
    }
  }

  #finish(frames) {
    if (this.#lines.length > 0) {
      this.lastEventId = this.#id;
      frames.push({
        raw: this.#lines.join('\n'),
        ownId: this.#lines.some(line => line === 'id' || line.startsWith('id:')),
        id: this.#id,
        type: this.#type || 'message',
        data: this.#data.length > 0 ? this.#data.join('\n') : null,
      });
    }
    this.#lines = [];
    this.#data = [];
    this.#type = '';
  }
}

/** Whether the hub itself has sent the frame: its ids begin as no publisher's can, so that nobody can pass for it. */
export function isSignal(frame) {
  return frame.id.startsWith('#') && frame.ownId;
}
