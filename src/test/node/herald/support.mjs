// What the tests of herald.js share. The environment has HERALD_MODULE (path of the module), HERALD_URL (the hub),
// HERALD_PUBLISHER (a token that may publish to all topics) and HERALD_SECRET (of subscribers' tokens).
import { createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { pathToFileURL } from 'node:url';

export const { Herald, HeraldError, StreamParser } = await import(pathToFileURL(process.env.HERALD_MODULE));

const { HERALD_URL: HUB, HERALD_PUBLISHER: PUBLISHER, HERALD_SECRET: SECRET } = process.env;
const DEADLINE_MILLIS = 60_000;

export const hubUrl = HUB;

/** Client that publishes, not through any proxy. */
export const publisher = new Herald(HUB, { token: () => PUBLISHER });

export function publisherAt(url) {
  return new Herald(url, { token: () => PUBLISHER });
}

export function uniqueTopic() {
  return `https://example.com/${randomUUID()}`;
}

export const sleep = millis => new Promise(done => setTimeout(done, millis));

/** Waits for a condition. */
export async function until(condition, what) {
  const end = Date.now() + DEADLINE_MILLIS;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`Waited too long: ${what ?? condition}`);
    }
    await sleep(5);
  }
}

/** Token of a subscriber of private events of a topic. */
export function token(topic, seconds = 3_600, claims = {}) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = { iss: 'https://issuer.example', mercure: { subscribe: [topic] }, ...claims };
  const text = `${part({ alg: 'HS256' })}.${part({ ...content, exp: Math.floor(Date.now() / 1_000) + seconds, jti: randomUUID() })}`;
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

/** TCP proxy of the hub. `forward(client, hub, number)` connects the sockets of connection number 0, 1, … */
export async function proxy(forward) {
  const sockets = new Set();
  let number = 0;
  const server = net.createServer(client => {
    const hub = net.connect({ port: new URL(HUB).port, host: '127.0.0.1' });
    for (const socket of [client, hub]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (client.destroy(), hub.destroy()));
    }
    forward(client, hub, number++);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    get connections() {
      return number;
    },
    cut: () => sockets.forEach(socket => socket.destroy()),
    close: () => (server.close(), sockets.forEach(socket => socket.destroy())),
  };
}

/** Forwards both directions, but to the client only the first bytes: then the line is cut. */
export function forwardBytes(client, hub, bytes) {
  let left = bytes;
  client.pipe(hub);
  hub.on('data', data => {
    client.write(data.subarray(0, left));
    left -= data.length;
    if (left <= 0) {
      client.end(() => client.destroySoon());
      hub.destroy();
    }
  });
  if (bytes === 0) {
    client.destroy();
  }
}

export function forwardAll(client, hub) {
  client.pipe(hub).pipe(client);
}

/** HTTP server whose answers the test gives: `answer(request, response, number)`, number 0, 1, … */
export async function fakeHub(answer) {
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push({ at: Date.now(), url: request.url, headers: request.headers });
    answer(request, response, requests.length - 1);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () => (server.close(), server.closeAllConnections()),
  };
}

/** Starts a stream: its head, its first block, and more text. */
export function stream(response, text = '', headers = {}) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers });
  response.write(`retry: 20\nid: #start\ndata: {}\n\n${text}`);
}

function listening(server) {
  return new Promise(done => server.listen(0, '127.0.0.1', done));
}

/** Subscription that records what it gets. Closed by the test's `after`. */
export function recorded(test, hub, options) {
  const record = { events: [], states: [], gaps: [], ends: [], lives: 0, errors: [] };
  const subscription = hub.subscribe(
    {
      onState: (state, error) => (record.states.push(state), error && record.errors.push(error)),
      onGap: gap => record.gaps.push(gap),
      onEnd: end => record.ends.push(end),
      onLive: () => record.lives++,
      ...options,
    },
    event => record.events.push(event),
  );
  test.after(() => subscription.close());
  return Object.assign(record, { subscription, texts: () => record.events.map(event => event.text) });
}
