// Tokens: renewal before and after their end, and rejection.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeHub, Herald, HeraldError, hubUrl, publisher, recorded, stream, token, uniqueTopic, until } from './support.mjs';

const RENEWALS = 5;

test('tokens of a few seconds are renewed many times, and no private event is lost or comes twice', async t => {
  const topic = uniqueTopic();
  let tokens = 0;
  const hub = new Herald(hubUrl, { token: () => (tokens++, token(topic, 3)) });
  const record = recorded(t, hub, { topics: topic });
  const expected = [];
  await until(() => record.lives > 0);
  while (tokens <= RENEWALS) {
    expected.push(`${expected.length}`);
    await publisher.publish({ topic, data: expected.at(-1), private: true });
  }
  await until(() => record.events.length >= expected.length);

  assert.deepEqual(record.texts(), expected);
  assert.deepEqual([record.gaps, record.errors], [[], []]);
  // Renewed in time: the hub has not ended a stream.
  assert.ok(record.ends.length < RENEWALS, JSON.stringify(record.ends));
});

test('a stream that the hub ends since its token has expired is reopened at once with another', async t => {
  const topic = uniqueTopic();
  // The client cannot read the time of this one, as with a wrong clock or a cookie.
  const unreadable = text => ({ toString: () => text });
  let tokens = 0;
  const hub = new Herald(hubUrl, { token: () => unreadable(token(topic, tokens++ === 0 ? 2 : 3_600)) });
  const record = recorded(t, hub, { topics: topic });
  await until(() => record.lives === 1);
  await publisher.publish({ topic, data: 'before', private: true });
  await until(() => record.ends.length === 1);
  await publisher.publish({ topic, data: 'after', private: true });
  await until(() => record.events.length === 2);

  assert.deepEqual(record.texts(), ['before', 'after']);
  assert.equal(record.ends[0].reason, 'token-expired');
  assert.equal(tokens, 2);
  assert.deepEqual(record.errors, []);
});

test('a rejected token is replaced once, and the second rejection is an error', async t => {
  const topic = uniqueTopic();
  const asked = [];
  const record = recorded(t, new Herald(hubUrl, { token: how => (asked.push(how), 'forged') }), { topics: topic });
  await until(() => record.subscription.state === 'closed');

  assert.deepEqual(asked, [{ renew: false }, { renew: true }]);
  const [error] = record.errors;
  assert.ok(error instanceof HeraldError);
  assert.equal(error.status, 401);
  assert.equal(error.type, 'urn:problem-type:herald:invalid-token');
  assert.ok(error.message.length > 10);
});

test('after a renewal that failed, the function is asked for a new token again', async t => {
  const topic = uniqueTopic();
  const asked = [];
  const hub = new Herald(hubUrl, {
    token: ({ renew }) => {
      asked.push(renew);
      if (asked.length === 2) {
        throw new Error('The network is away.');
      }
      return renew ? token(topic) : 'forged';
    },
  });
  const record = recorded(t, hub, { topics: topic });
  await until(() => record.lives === 1);
  assert.deepEqual(asked, [false, true, true]);
});

test('after one rejection a valid token is used', async t => {
  const topic = uniqueTopic();
  const hub = new Herald(hubUrl, { token: ({ renew }) => (renew ? token(topic) : token(topic, -10)) });
  const record = recorded(t, hub, { topics: topic });
  await until(() => record.lives === 1);
  await publisher.publish({ topic, data: 'hello', private: true });
  await until(() => record.events.length === 1);
  assert.deepEqual(record.errors, []);
});

test('without a function for tokens, 401 is an error of the loop', async () => {
  const subscription = new Herald(hubUrl).subscribe({ topics: uniqueTopic(), auth: 'required' });
  await assert.rejects(async () => {
    for await (const event of subscription) {
      assert.fail(event);
    }
  }, { name: 'HeraldError', status: 401, type: 'urn:problem-type:herald:missing-token' });
});

test('a failure of the function is repeated with backoff', async t => {
  const topic = uniqueTopic();
  let calls = 0;
  const fetchToken = () => {
    if (calls++ === 0) {
      throw new Error('The identity provider is away.');
    }
    return token(topic);
  };
  const record = recorded(t, new Herald(hubUrl, { token: fetchToken }), { topics: topic });
  await until(() => record.lives === 1);
  assert.deepEqual(record.errors.map(String), ['Error: The identity provider is away.']);
});

test('all subscriptions share a token', async t => {
  const topic = uniqueTopic();
  let calls = 0;
  const hub = new Herald(hubUrl, { token: async () => (calls++, token(topic)) });
  const records = [1, 2, 3].map(() => recorded(t, hub, { topics: topic }));
  await until(() => records.every(record => record.lives === 1));
  assert.equal(calls, 1);
});

test('a token that is replaced at each request does not make a busy loop', async t => {
  const hub = await fakeHub((request, response) => {
    stream(response, 'retry: 5\nevent: end\nid: #e\ndata: {"reason":"token-expired"}\n\n');
    response.end();
  });
  t.after(() => hub.close());
  recorded(t, new Herald(hub.url, { token: () => 'opaque' }), { topics: 'a' });
  await until(() => hub.requests.length >= 4);
  const [, second, third, fourth] = hub.requests;
  assert.ok(third.at - second.at > 900 && fourth.at - third.at > 900);
});
