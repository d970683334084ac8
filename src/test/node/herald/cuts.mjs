// Resumption: a line that is cut at every byte of a stream.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { forwardAll, forwardBytes, Herald, hubUrl, proxy, publisher, recorded, sleep, uniqueTopic, until } from './support.mjs';

const BEFORE = ['first ä 🎉', 'second\nwith\r\nlines'];
const AT_ONCE = 100;

/** Bytes of a response with all events, from the first byte of the head. */
async function length(topic) {
  let bytes = 0;
  const line = await proxy((client, hub) => {
    client.pipe(hub);
    hub.on('data', data => {
      bytes += data.length;
      client.write(data);
    });
  });
  const hub = new Herald(line.url);
  const texts = [];
  hub.subscribe({ topics: topic, since: 'earliest' }, event => texts.push(event.text));
  await until(() => texts.length === BEFORE.length);
  // The signal at the end of the replay.
  await sleep(100);
  hub.close();
  line.close();
  return bytes;
}

test('nothing is lost and nothing comes twice, wherever the line is cut', async () => {
  const topic = uniqueTopic();
  for (const text of BEFORE) {
    // Short, so that there are fewer places to cut.
    await publisher.publish({ topic, data: text, id: randomUUID().slice(0, 8), retry: 10 });
  }
  const end = await length(topic);
  assert.ok(end > 500, `${end} bytes`);
  const clients = [];
  for (let first = 0; first <= end; first += AT_ONCE) {
    const cuts = Array.from({ length: Math.min(AT_ONCE, end + 1 - first) }, (_, index) => first + index);
    clients.push(...(await Promise.all(cuts.map(cut => client(topic, cut)))));
  }
  // Some lines are cut only now.
  await publisher.publish({ topic, data: 'last', retry: 10 });

  const expected = [...BEFORE.map(text => text.replace('\r\n', '\n')), 'last'];
  for (const { cut, texts, line, hub } of clients) {
    await until(() => texts.length > BEFORE.length, `cut at ${cut}: ${texts}`);
    hub.close();
    line.close();
    assert.deepEqual(texts, expected, `cut at ${cut}`);
  }
});

/** Subscribes through a line that is cut, and completes when it is live. */
async function client(topic, cut) {
  const line = await proxy((from, to, number) => (number === 0 ? forwardBytes(from, to, cut) : forwardAll(from, to)));
  const hub = new Herald(line.url);
  const texts = [];
  const subscription = hub.subscribe({ topics: topic, since: 'earliest' }, event => texts.push(event.text));
  while (subscription.state !== 'live') {
    await sleep(20);
    // Does not wait for the backoff.
    subscription.nudge(0);
  }
  return { cut, texts, line, hub };
}

test('events that are published while the line is cut again and again come once and in order', async t => {
  const topic = uniqueTopic();
  const line = await proxy(forwardAll);
  t.after(() => line.close());
  const record = recorded(t, new Herald(line.url), { topics: [topic] });
  await until(() => record.lives === 1);
  const expected = [];
  for (let i = 0; i < 40; i++) {
    await publisher.publish({ topic, data: `${i}`, retry: 5 });
    expected.push(`${i}`);
    if (i % 4 === 0) {
      line.cut();
    }
  }
  await until(() => record.events.length >= expected.length);
  assert.deepEqual(record.texts(), expected);
  assert.deepEqual(record.gaps, []);
  // Live only after the events that it missed.
  await until(() => record.lives > 1);
});

test('a for await loop gets every event, also if it is slow', async t => {
  const topic = uniqueTopic();
  const hub = new Herald(hubUrl);
  const subscription = hub.subscribe({ topics: topic });
  await until(() => subscription.state === 'live');
  const numbers = Array.from({ length: 2_000 }, (_, number) => ({ number, padding: 'x'.repeat(1_000) }));
  await publisher.publish(numbers.slice(0, 700).map(data => ({ topic, data })));
  await publisher.publish(numbers.slice(700, 1_400).map(data => ({ topic, data })));
  await publisher.publish(numbers.slice(1_400).map(data => ({ topic, data })));
  const received = [];
  for await (const event of subscription) {
    received.push(event.data.number);
    if (received.length % 100 === 0) {
      await sleep(5);
    }
    if (received.length === numbers.length) {
      break;
    }
  }
  assert.deepEqual(received, numbers.map(({ number }) => number));
  assert.equal(subscription.state, 'closed');
});

test('an unknown position is a gap, and signals come in order with the events', async t => {
  const topic = uniqueTopic();
  await publisher.publish({ topic, data: 'left' });
  const hub = new Herald(hubUrl);
  t.after(() => hub.close());
  const items = [];
  for await (const item of hub.subscribe({ topics: topic, since: 'urn:unknown', signals: true })) {
    items.push(item.signal ?? item.text);
    if (item.signal === 'live') {
      break;
    }
  }
  assert.deepEqual(items, ['gap', 'left', 'live']);
});

test('text, JSON and types are as published', async t => {
  const topic = uniqueTopic();
  const record = recorded(t, new Herald(hubUrl), { topics: topic, envelope: true });
  await until(() => record.lives === 1);
  const [id] = await publisher.publish([{ topics: [topic, `${topic}/2`], data: { order: 12 }, type: 'paid' }]);
  await publisher.publish({ topic, data: 'a text', id: `urn:${topic}` });
  await until(() => record.events.length === 2);
  const [first, second] = record.events;
  assert.deepEqual([first.id, first.type, first.data], [id, 'paid', { order: 12 }]);
  assert.deepEqual([second.id, second.type, second.data, second.text], [`urn:${topic}`, 'message', 'a text', 'a text']);
});

test('a subscription that is too long for a URL is sent as a form', async t => {
  const topics = Array.from({ length: 900 }, (_, index) => `${uniqueTopic()}/a/long/name/of/a/topic/${index}`);
  const line = await proxy(forwardAll);
  t.after(() => line.close());
  const record = recorded(t, new Herald(line.url), { topics });
  await until(() => record.lives === 1);
  await publisher.publish({ topic: topics[0], data: 'first' });
  await until(() => record.events.length === 1);
  line.cut();
  await publisher.publish({ topic: topics[899], data: 'last' });
  await until(() => record.events.length === 2);

  assert.deepEqual(record.texts(), ['first', 'last']);
});

test('a for await loop stores the position before an event that it has not processed', async t => {
  const store = new Map();
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    value: { getItem: key => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) },
  });
  t.after(() => delete globalThis.sessionStorage);
  const topics = uniqueTopic();
  const before = new Herald(hubUrl).subscribe({ topics, resume: 'test' });
  const processing = (async () => {
    for await (const event of before) {
      return event.text;
    }
  })();
  await until(() => before.state === 'live');
  await publisher.publish({ topic: topics, data: 'first' });
  assert.equal(await processing, 'first');
  await publisher.publish({ topic: topics, data: 'second' });

  // As after a reload: what was not processed comes again.
  const record = recorded(t, new Herald(hubUrl), { topics, resume: 'test' });
  await until(() => record.events.length === 2);
  assert.deepEqual(record.texts(), ['first', 'second']);
});

test('a subscription begins after an id, also one that looks like a number or a word', async t => {
  const topic = uniqueTopic();
  for (const id of ['2', 'earliest-', '7', 'latest']) {
    await publisher.publish({ topic, data: id, id });
  }
  const records = ['2', '7', 'latest'].map(lastEventId => recorded(t, new Herald(hubUrl), { topics: topic, lastEventId }));
  await until(() => records.every(record => record.lives === 1));
  await publisher.publish({ topic, data: 'last' });
  await until(() => records.every(record => record.texts().includes('last')));

  assert.deepEqual(records.map(record => record.texts()), [['earliest-', '7', 'latest', 'last'], ['latest', 'last'], ['last']]);
  assert.deepEqual(records.map(record => record.gaps), [[], [], []]);
});
