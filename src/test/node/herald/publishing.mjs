// Publishing: retries with a key.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeHub, forwardAll, forwardBytes, Herald, HeraldError, hubUrl, proxy, publisher, publisherAt, recorded, uniqueTopic, until } from './support.mjs';

const CUTS = [0, 1, 17, 60, 150];

test('answers that are cut do not publish twice', async t => {
  const topic = uniqueTopic();
  const record = recorded(t, new Herald(hubUrl), { topics: topic });
  await until(() => record.lives === 1);
  const ids = await Promise.all(
    CUTS.map(async bytes => {
      const line = await proxy((from, to, number) => (number === 0 ? forwardBytes(from, to, bytes) : forwardAll(from, to)));
      t.after(() => line.close());
      const published = await publisherAt(line.url).publish([1, 2].map(part => ({ topic, data: { bytes, part } })));
      assert.ok(line.connections > 1, `cut after ${bytes}`);
      return published;
    }),
  );
  await publisher.publish({ topic, data: 'last' });
  await until(() => record.texts().includes('last'));

  assert.equal(record.events.length, 2 * CUTS.length + 1);
  assert.deepEqual(new Set(record.events.slice(0, -1).map(({ id }) => id)), new Set(ids.flat()));
});

test('the id of one update and the ids of several are returned', async () => {
  const topic = uniqueTopic();
  assert.equal(await publisher.publish({ topic, data: 'a', id: `urn:${topic}` }), `urn:${topic}`);
  assert.deepEqual((await publisher.publish([{ topics: [topic], data: {} }, { topic, data: [] }])).length, 2);
});

test('a key of the application publishes once', async () => {
  const update = { topic: uniqueTopic(), data: 'a' };
  const options = { key: crypto.randomUUID() };
  assert.equal(await publisher.publish(update, options), await publisher.publish(update, options));
  await assert.rejects(publisher.publish({ ...update, data: 'b' }, options), {
    status: 422,
    type: 'urn:problem-type:herald:key-reused',
  });
});

test('a rejection has the members of its problem', async () => {
  const topic = uniqueTopic();
  const invalid = publisher.publish([{ topic, data: 'a' }, { topic, data: 1 }]);
  await assert.rejects(invalid, error => {
    assert.ok(error instanceof HeraldError);
    assert.deepEqual([error.status, error.index, error.type], [400, 1, 'urn:problem-type:herald:invalid-field']);
    assert.match(error.message, /^Update 1/);
    return true;
  });
  await assert.rejects(new Herald(hubUrl, { token: () => 'forged' }).publish({ topic, data: 'a' }), { status: 401 });
});

test('temporary rejections are tried again with the same key, after Retry-After', async t => {
  const hub = await fakeHub((request, response, number) => {
    if (number < 2) {
      response.writeHead([429, 503][number], { 'Retry-After': '1' }).end();
    } else {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ids":["1"]}');
    }
  });
  t.after(() => hub.close());
  assert.equal(await new Herald(hub.url).publish({ topic: 'a', data: 'b' }), '1');
  const { requests } = hub;
  assert.equal(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size, 1);
  assert.ok(requests[1].at - requests[0].at >= 990 && requests[2].at - requests[1].at >= 990);
});

test('it gives up after its time, and when it is aborted', async t => {
  const hub = await fakeHub((request, response) => response.writeHead(503).end());
  t.after(() => hub.close());
  const client = new Herald(hub.url);
  const update = { topic: 'a', data: 'b' };
  await assert.rejects(client.publish(update, { timeout: 100 }), /503/);
  const abort = new AbortController();
  const pending = client.publish(update, { signal: abort.signal });
  await until(() => hub.requests.length === 2);
  abort.abort();
  await assert.rejects(pending, { name: 'AbortError' });
});

test('a token that has expired is replaced', async t => {
  const hub = await fakeHub((request, response) => {
    const { authorization } = request.headers;
    response.writeHead(authorization === 'Bearer new' ? 200 : 401).end('{"ids":["1"]}');
  });
  t.after(() => hub.close());
  const client = new Herald(hub.url, { token: ({ renew }) => (renew ? 'new' : 'old') });
  assert.equal(await client.publish({ topic: 'a', data: 'b' }), '1');
});

test('an update of data alone is a message of the default topic', async t => {
  const record = recorded(t, new Herald(hubUrl), {});
  await until(() => record.lives === 1);
  const digits = '{"number": 12345678901234567890}';
  const ids = [];
  for (const data of [{ message: 'an object' }, digits, 'no JSON']) {
    ids.push(await publisher.publish({ data }));
  }
  await until(() => record.events.length === 3);
  assert.deepEqual(record.events.map(({ id }) => id), ids);
  assert.deepEqual(record.texts(), ['{"message":"an object"}', digits, '{"message":"no JSON"}']);
  await assert.rejects(publisher.publish({ topic: undefined, data: 'a' }), { status: 400 });
});

test('the application learns of each repetition', async t => {
  const hub = await fakeHub((request, response, number) => {
    number === 0 ? response.writeHead(503, { 'Retry-After': '1' }).end() : response.writeHead(200).end('{"ids":["1"]}');
  });
  t.after(() => hub.close());
  const failures = [];
  const onRetry = (failure, millis) => failures.push([failure.message, millis >= 1_000]);
  await new Herald(hub.url).publish({ topic: 'a', data: 'b' }, { onRetry });
  assert.deepEqual(failures, [['The response status was 503.', true]]);
});
