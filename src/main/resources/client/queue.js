export { Queue };

/** Bounded queue for a `for await` loop. A full one delays the stream. */
class Queue {
  #values = [];
  #room;
  #next;
  #end;

  put(value) {
    this.#values.push(value);
    this.#next?.();
    return this.#values.length < 256 ? undefined : new Promise(room => (this.#room = room));
  }

  end(error) {
    this.#end ??= { error };
    this.#next?.();
    this.#room?.();
  }

  async take() {
    while (this.#values.length === 0 && !this.#end) {
      await new Promise(next => (this.#next = next));
    }
    this.#room?.();
    if (this.#values.length === 0 && this.#end.error) {
      throw this.#end.error;
    }
    return this.#values.shift();
  }
}
