import { HeraldError } from '../herald.js';
import { hub } from './hub.js';
import { temporaryReason } from './problem.js';

const TIMEOUT_MILLIS = 20_000;

/** Publisher of a view. An update of which the outcome is unknown keeps its key, so that it is not published twice. */
export class Publisher {
  #unknown = {};

  /**
   * Publishes an update.
   *
   * @param update as of the client
   * @param retrying called with a message when the update will be sent again
   * @returns its id
   * @throws HeraldError if the hub rejects it, else Error with a message for the user
   */
  async publish(update, retrying) {
    const text = JSON.stringify(update);
    const key = this.#unknown.text === text ? this.#unknown.key : randomKey();
    this.#unknown = { text, key };
    const onRetry = failure => retrying(`Not sent yet: ${temporaryReason(failure)}. Retrying…`);
    try {
      const id = await hub().publish(update, { key, timeout: TIMEOUT_MILLIS, onRetry });
      this.#unknown = {};
      return id;
    } catch (failure) {
      if (failure instanceof HeraldError) {
        this.#unknown = {};
        throw failure;
      }
      throw new Error(
        failure.name === 'TimeoutError'
          ? 'The hub did not respond: it may have been published. If you send it again, it is published once.'
          : `Not sent: ${temporaryReason(failure)}.`,
      );
    }
  }
}

/** Not crypto.randomUUID, which insecure origins do not have. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), number => number.toString(36)).join('-');
}
