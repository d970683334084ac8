import { HeraldError } from '../herald.js';
import { mercureUrl, messageUrl } from './hub.js';
import { reason } from './problem.js';

/** Missing requirement of an update, for the user; empty if there is none. Updates without a topic are always public. */
export function requirement({ topic, type, id, isPrivate }) {
  return topic === '' && (type !== '' || id !== '' || isPrivate)
    ? 'Enter a topic: a type, an id and a private update require one.'
    : '';
}

/** Request that publishes the update: as a Mercure form, or without a topic by the quick API. */
export function request({ topic, data, type, id, isPrivate }) {
  if (topic === '') {
    return { url: messageUrl(''), text: data };
  }
  const fields = [['topic', topic], ['data', data]];
  if (type !== '') {
    fields.push(['type', type]);
  }
  if (id !== '') {
    fields.push(['id', id]);
  }
  if (isPrivate) {
    fields.push(['private', 'on']);
  }
  return { url: mercureUrl(), fields };
}

/** The update for the client. Without a topic, text that is no JSON becomes a message. */
function published({ topic, data, type, id, isPrivate }) {
  return topic === ''
    ? { data }
    : { topic, data, ...(type && { type }), ...(id && { id }), ...(isPrivate && { private: true }) };
}

/**
 * Publishes an update.
 *
 * @param retrying called with a message when it will be sent again
 * @returns the outcome: `ok`, and two texts
 */
export async function post(publisher, sent, retrying) {
  const startedAt = performance.now();
  try {
    const id = await publisher.publish(published(sent), retrying);
    const millis = Math.round(performance.now() - startedAt);
    const note = sent.isPrivate ? ' Only subscribers whose token covers its topic receive it.' : '';
    return { ok: true, short: 'Accepted', text: `Accepted after ${millis} ms as ${id}.${note}` };
  } catch (failure) {
    return failure instanceof HeraldError
      ? { ok: false, short: `Rejected, ${failure.status}`, text: `Not sent (${failure.status}). ${reason(failure)}` }
      : { ok: false, short: 'No response', text: failure.message };
  }
}
