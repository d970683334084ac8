export { HeraldEvent };

class HeraldEvent {
  #data;

  constructor({ id, type, data, raw }, hasEnvelope) {
    Object.assign(this, { id, type, text: data }, raw && { raw });
    const envelope = hasEnvelope && json(data);
    if (envelope?.id === id && envelope.topics) {
      this.#data = envelope.data;
      // The last member, as published: a number of JavaScript may lose digits.
      this.text = typeof envelope.data === 'string' ? envelope.data : data.slice(data.indexOf(',"data":') + 8, -1);
      Object.assign(this, { topics: envelope.topics, private: envelope.private, time: new Date(envelope.time) });
    }
  }

  get data() {
    if (this.#data === undefined) {
      const value = json(this.text);
      this.#data = value === undefined ? this.text : value;
    }
    return this.#data;
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
