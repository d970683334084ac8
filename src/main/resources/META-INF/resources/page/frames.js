/**
 * Parser of an event stream that arrives in parts cut anywhere (HTML §9.2.6). Browsers parse streams only for EventSource,
 * which cannot send a token, and hides raw frames and events of types without a listener.
 */
export class FrameParser {
  #rest = '';
  #afterReturn = false;
  #first = true;
  #lines = [];
  #id;
  #type = '';
  #data = [];

  /** Last event id, as a browser would send it. */
  lastEventId;

  /** Reconnection time that the hub requested, in milliseconds; undefined before that. */
  retryMillis;

  /** @param lastEventId last event id before this stream */
  constructor(lastEventId = '') {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  /**
   * Returns the frames that the text completes. Each has its `raw` lines, `ownId` (whether it contains an id), `id` (the
   * last one so far), `type`, and `data`, which is null where a browser would dispatch no event. Comments between frames
   * are dropped.
   */
  push(text) {
    const frames = [];
    for (const line of this.#split(text)) {
      if (line === '') {
        this.#finish(frames);
      } else {
        this.#parse(line);
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
      // The CR of this CRLF has already ended the line.
      text = text.replace(/^\n/, '');
    }
    const lines = [];
    const all = this.#rest + text;
    const end = /\r\n?|\n/g;
    // The rest contains no line end.
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

  #parse(line) {
    if (line.startsWith(':') && this.#lines.length === 0) {
      // A heartbeat: an idle stream would collect thousands of them.
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

/** Whether the frame is a signal of the hub itself: its id starts with a character that publishers may not use. */
export function isSignal(frame) {
  return frame.id.startsWith('#') && frame.ownId;
}
