// Failures: backoff, rejections, silence.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeHub, Herald, hubUrl, proxy, publisher, recorded, stream, uniqueTopic, until } from './support.mjs';

async function subscribed(t, answer, options) {
  const hub = await fakeHub(answer);
  t.after(() => hub.close());
  return { ...recorded(t, new Herald(hub.url), { topics: 'a', ...options }), hub };
}

const reject = (response, status, headers = {}, problem = {}) =>
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers }).end(JSON.stringify(problem));

test('a connection comes back from its last id, after the time that the hub asks for', async t => {
  const answer = (request, response, number) => {
    stream(response, number === 0 ? 'retry: 700\nid: 1\ndata: a\n\nid: 2\ndata: incomplete' : '');
    number === 0 && response.end();
  };
  const { hub, lives, ...record } = await subscribed(t, answer);
  await until(() => hub.requests.length === 2);
  const [first, second] = hub.requests;
  assert.equal(first.url, '/SSE?topic=a');
  assert.equal(second.url, '/SSE?topic=a&since=1&lastEventId=1');
  assert.ok(second.at - first.at >= 690, `${second.at - first.at} ms`);
  assert.deepEqual(record.texts(), ['a']);
});

test('Retry-After of a 503 is honoured', async t => {
  const answer = (request, response, number) =>
    number === 0 ? reject(response, 503, { 'Retry-After': '2' }) : stream(response);
  const { hub } = await subscribed(t, answer);
  await until(() => hub.requests.length === 2);
  assert.ok(hub.requests[1].at - hub.requests[0].at >= 1_990);
});

test('attempts become rarer, and not two clients wait equally long', async t => {
  const answer = (request, response) => reject(response, 502);
  const records = await Promise.all([1, 2, 3].map(() => subscribed(t, answer)));
  await until(() => records.every(({ hub }) => hub.requests.length >= 3));
  const waits = records.map(({ hub: { requests } }) => [1, 2].map(i => requests[i].at - requests[i - 1].at));
  assert.ok(waits.every(([first, second]) => first >= 990 && second >= 1_990), JSON.stringify(waits));
  assert.equal(new Set(waits.map(([first]) => first)).size, 3);
  assert.equal(records[0].errors[0].message, 'The response status was 502.');
});

test('it is told when to come back at once', async t => {
  const answer = (request, response, number) =>
    number === 0 ? reject(response, 503, { 'Retry-After': '600' }) : stream(response);
  const record = await subscribed(t, answer);
  await until(() => record.states.includes('waiting'));
  record.subscription.nudge();
  await until(() => record.hub.requests.length === 2);
});

for (const status of [400, 403, 404, 410, 501, 505]) {
  test(`${status} is an error`, async t => {
    const problem = { type: 'urn:problem-type:herald:invalid-field', title: 'No', detail: 'Do this instead.' };
    const record = await subscribed(t, (request, response) => reject(response, status, {}, problem));
    await until(() => record.subscription.state === 'closed');
    const [{ name, message, ...fields }] = record.errors;
    assert.deepEqual({ message, ...fields }, { message: problem.detail, status, ...problem, index: undefined });
    assert.equal(record.hub.requests.length, 1);
  });
}

test('204 is the end', async t => {
  const record = await subscribed(t, (request, response) => response.writeHead(204).end());
  await until(() => record.subscription.state === 'closed');
  assert.deepEqual([record.hub.requests.length, record.errors], [1, []]);
});

test('a page instead of a stream, as of a login of a network, is tried again', async t => {
  const answer = (request, response, number) =>
    number === 0 ? response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>Log in') : stream(response);
  const record = await subscribed(t, answer);
  record.subscription.nudge();
  await until(() => record.hub.requests.length === 2);
  assert.equal(record.events.length, 0);
});

test('a rejected stream says why, and is tried again from the same position', async t => {
  const answer = (request, response, number) => {
    if (number === 1) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end('retry: 30\nevent: end\nid: 1\ndata: {"reason":"overloaded","detail":"Later."}\n\n');
    } else {
      stream(response, number === 0 ? 'id: 1\ndata: a\n\n' : '');
      number === 0 && response.end();
    }
  };
  const record = await subscribed(t, answer);
  await until(() => record.hub.requests.length === 3);
  assert.deepEqual(record.ends, [{ reason: 'overloaded', detail: 'Later.' }]);
  assert.match(record.hub.requests[2].url, /lastEventId=1$/);
  assert.deepEqual(record.texts(), ['a']);
});

test('a silent connection is replaced, by the period of heartbeats that the hub announces', async t => {
  const answer = (request, response, number) => stream(response, '', { 'Herald-Heartbeat': number === 0 ? '100' : '60000' });
  const { hub } = await subscribed(t, answer);
  await until(() => hub.requests.length === 2);
  const millis = hub.requests[1].at - hub.requests[0].at;
  assert.ok(millis > 5_000, `${millis} ms`);
});

test('a connection with heartbeats is kept, and a silent one to the hub itself is replaced', async t => {
  const topic = uniqueTopic();
  const silent = await proxy((client, hub, number) => {
    client.pipe(hub);
    let bytes = 0;
    hub.on('data', data => {
      bytes += data.length;
      // The first line goes dead after the first event, without being closed.
      if (number > 0 || bytes < 600) {
        client.write(data);
      }
    });
  });
  t.after(() => silent.close());
  const good = recorded(t, new Herald(hubUrl), { topics: topic, heartbeat: 15_000 });
  const record = recorded(t, new Herald(silent.url), { topics: topic, heartbeat: 200 });
  await until(() => record.lives === 1 && good.lives === 1);
  const data = 'x'.repeat(1_000);
  await publisher.publish({ topic, data });
  await until(() => record.events.length === 1);
  assert.deepEqual(record.texts(), [data]);
  assert.deepEqual(good.states, ['connecting', 'live']);
});

test('a handler that fails changes nothing', async t => {
  const reported = [];
  globalThis.reportError = failure => reported.push(failure.message);
  const answer = (request, response) => stream(response, 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n');
  const hub = await fakeHub(answer);
  t.after(() => hub.close());
  const texts = [];
  const subscription = new Herald(hub.url).subscribe({ topics: 'a' }, event => {
    texts.push(event.text);
    throw new Error(event.id);
  });
  t.after(() => subscription.close());
  await until(() => texts.length === 2);
  assert.deepEqual([texts, reported, hub.requests.length], [['a', 'b'], ['1', '2'], 1]);
});

test('an envelope is opened, and other data is left as it is', async t => {
  const envelope = data =>
    `{"id":"1","topics":["a","b"],"type":"paid","private":true,"time":"2026-01-02T03:04:05.678Z","data":${data}}`;
  const texts = [envelope('{"order": 12}'), envelope('"a text"'), '{"id":"2"}', 'a text'];
  const hub = await fakeHub((request, response) =>
    stream(response, texts.map(text => `id: 1\nevent: paid\ndata: ${text}\n\n`).join('')),
  );
  t.after(() => hub.close());
  const record = recorded(t, new Herald(hub.url), { topics: 'a', envelope: true });
  await until(() => record.events.length === texts.length);
  const [first, second, ...others] = record.events;
  assert.match(hub.requests[0].url, /envelope=1$/);
  assert.deepEqual([first.data, first.text, second.data, second.text], [{ order: 12 }, '{"order": 12}', 'a text', 'a text']);
  assert.deepEqual(
    [first.topics, first.private, first.time.getTime()],
    [['a', 'b'], true, Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
  );
  assert.deepEqual(
    others.map(({ text, data, topics }) => [text, data, topics]),
    [
      ['{"id":"2"}', { id: '2' }, undefined],
      ['a text', 'a text', undefined],
    ],
  );
});

test('the text of an envelope is as published, with each digit and whatever the topic contains', async t => {
  const topic = '","data":{}';
  const data = '{"number": 12345678901234567890, "data":[{}]}';
  const hub = await fakeHub((request, response) =>
    stream(response, `id: 1\ndata: {"id":"1","topics":[${JSON.stringify(topic)}],"private":false,"time":"2026-01-02T03:04:05.678Z","data":${data}}\n\n`),
  );
  t.after(() => hub.close());
  const record = recorded(t, new Herald(hub.url), { topics: 'a', envelope: true });
  await until(() => record.events.length === 1);
  assert.deepEqual([record.texts(), record.events[0].topics], [[data], [topic]]);
});

test('events and signals have their lines if the application asks for them', async t => {
  const hub = await fakeHub((request, response) => stream(response, ':\nid: 1\nevent: x\ndata: a\n\nid: 2\ndata: b\n\n'));
  t.after(() => hub.close());
  const items = [];
  for await (const item of new Herald(hub.url).subscribe({ topics: 'a', raw: true, signals: true })) {
    items.push([item.signal, item.raw]);
    if (items.length === 3) {
      break;
    }
  }
  assert.deepEqual(items, [
    ['live', 'retry: 20\nid: #start\ndata: {}'],
    [undefined, 'id: 1\nevent: x\ndata: a'],
    [undefined, 'id: 2\ndata: b'],
  ]);
});

test('the application learns when the next attempt follows', async t => {
  const answer = (request, response, number) =>
    number === 0 ? reject(response, 503, { 'Retry-After': '1' }) : stream(response);
  const changes = [];
  const onState = (state, error, millis) => changes.push({ state, millis, at: Date.now() });
  const { hub } = await subscribed(t, answer, { onState });
  await until(() => hub.requests.length === 2);
  const { millis, at } = changes.find(({ state }) => state === 'waiting');
  assert.ok(millis >= 1_000 && millis <= 1_200, `${millis} ms`);
  assert.ok(hub.requests[1].at - at >= millis - 10, `${hub.requests[1].at - at} ms instead of ${millis}`);
});

test('another path of the hub is read like a stream without positions', async t => {
  const figures = number => `data: {"events":${number}}\n\n`;
  const hub = await fakeHub((request, response, number) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`retry: 10\n${figures(number)}`);
    number === 0 && response.end();
  });
  t.after(() => hub.close());
  const record = recorded(t, new Herald(hub.url), { path: 'figures' });
  await until(() => record.events.length === 2);
  assert.deepEqual(record.events.map(({ data }) => data.events), [0, 1]);
  assert.deepEqual(hub.requests.map(({ url }) => url), ['/figures', '/figures']);
});

test('closing ends the request, and nothing is delivered afterwards', async t => {
  const ended = [];
  const hub = await fakeHub((request, response) => {
    request.on('close', () => ended.push(1));
    stream(response, 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n');
  });
  t.after(() => hub.close());
  const texts = [];
  const subscription = new Herald(hub.url).subscribe({ topics: 'a' }, event => {
    texts.push(event.text);
    subscription.close();
  });
  await until(() => ended.length === 1);
  assert.deepEqual(texts, ['a']);
  assert.equal(subscription.lastEventId, '1');
});

test('JSON null is null, and not a text', async t => {
  const hub = await fakeHub((request, response) => stream(response, 'id: 1\ndata: null\n\nid: 2\ndata: nul\n\n'));
  t.after(hub.close);
  const record = recorded(t, new Herald(hub.url), { topics: 'a' });
  await until(() => record.events.length === 2);
  assert.deepEqual(record.events.map(event => event.data), [null, 'nul']);
});

test('options that would be without effect are errors', () => {
  const hub = new Herald(hubUrl);
  assert.throws(() => hub.subscribe({ topic: 'a' }), {
    name: 'TypeError',
    message: "'topic' is not an option of subscribe: use 'topics'.",
  });
  assert.throws(() => hub.subscribe({ topics: [] }), {
    name: 'TypeError',
    message: "'topics' is empty: leave it out for the default topic, or name one.",
  });
  assert.throws(() => new Herald(hubUrl, { token: 'abc' }), {
    name: 'TypeError',
    message: "'token' must be a function that returns the token.",
  });
});

for (const status of [400, 401, 403]) {
  test(`${status} is on the console if nothing else shows it`, async t => {
    const logged = t.mock.method(console, 'error', () => {});
    const hub = await fakeHub((request, response) => reject(response, status, {}, { detail: 'Do this instead.' }));
    t.after(() => hub.close());
    const silent = new Herald(hub.url).subscribe({ topics: 'a' }, () => {});
    await until(() => silent.state === 'closed');
    const record = recorded(t, new Herald(hub.url), { topics: 'a' });
    await until(() => record.errors.length === 1);
    await assert.rejects(new Herald(hub.url).subscribe({ topics: 'a' })[Symbol.asyncIterator]().next(), { status });
    assert.deepEqual(logged.mock.calls.map(call => call.arguments), [['Do this instead.']]);
  });
}
