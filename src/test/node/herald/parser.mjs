// Parser: every split of the bytes, and the rules of HTML §9.2.6.
import assert from 'node:assert/strict';
import test from 'node:test';
import { StreamParser } from './support.mjs';

const bytes = text => new TextEncoder().encode(text);

/** Kinds, ids, types and data of the items. */
function parse(parts, ...start) {
  const parser = new StreamParser(...start);
  const items = parts.flatMap(part => parser.push(part)).map(({ kind, id, type, data }) => [kind, id, type, data]);
  return { items, retry: parser.retry };
}

const STREAM = [
  '\uFEFFretry: 1500\nid: #a\ndata: {}\n\n',
  ': a comment\r\nid: 1\r\ndata: grüße 🎉 €\r\n\r\n',
  'id: 2\rdata: CR\rdata: only\r\r',
  ':\nid: 3\r\nevent: größe\ndata:no space\ndata:  two\n\r\n',
  'data\ndata\nid: 4\n\n',
  'event: gap\nid: #b\ndata: {"resumedAt":"earliest"}\n\n',
  'id: 5\nevent: end\ndata: of a publisher\n\n',
].join('');

const ITEMS = [
  ['live', '#a', 'message', '{}'],
  ['event', '1', 'message', 'grüße 🎉 €'],
  ['event', '2', 'message', 'CR\nonly'],
  ['event', '3', 'größe', 'no space\n two'],
  ['event', '4', 'message', '\n'],
  ['gap', '#b', 'gap', '{"resumedAt":"earliest"}'],
  ['event', '5', 'end', 'of a publisher'],
];

test('a stream is the same at every split into three parts', () => {
  const all = bytes(STREAM);
  for (let first = 0; first <= all.length; first++) {
    for (let second = first; second <= all.length; second += 1 + (second % 7)) {
      const parts = [all.subarray(0, first), all.subarray(first, second), all.subarray(second)];
      assert.deepEqual(parse(parts), { items: ITEMS, retry: 1500 }, `split at ${first} and ${second}`);
    }
  }
});

test('a stream is the same byte by byte', () => {
  assert.deepEqual(parse(Array.from(bytes(STREAM), byte => Uint8Array.of(byte))).items, ITEMS);
});

test('an id with NUL is ignored, and an empty id resets', () => {
  const text = 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\ndata: c\n\nid\ndata: d\n\n';
  assert.deepEqual(
    parse([bytes(text)]).items.map(([, id]) => id),
    ['1', '1', '1', ''],
  );
});

test('an id is remembered at the blank line', () => {
  assert.deepEqual(parse([bytes('id: 1\ndata: a\n\nid: 2\ndata: b\n')]).items.length, 1);
});

test('an event without data is a position, and a block without fields is nothing', () => {
  const text = 'event: x\n\n:\n\nid: 7\n\nevent: y\nretry: 5x\n\ndata: a\n\n';
  assert.deepEqual(parse([bytes(text)]), {
    items: [
      ['position', '7', 'message', ''],
      ['event', '7', 'message', 'a'],
    ],
    retry: undefined,
  });
});

test('only the hub gives signals: its ids begin with #', () => {
  const text = 'id: #a\ndata: {}\n\nid: 1\nevent: live\ndata: {}\n\nid: #b\nevent: live\ndata: {}\n\nid: #c\nevent: cursor\ndata: {}\n\n';
  assert.deepEqual(
    parse([bytes(text)], '', true).items.map(([kind]) => kind),
    ['position', 'event', 'live', 'position'],
  );
});

test('a stream that is rejected has only an end, whatever its id', () => {
  assert.deepEqual(parse([bytes('retry: 3\nevent: end\nid: 1\ndata: {}\n\n')], '1').items, [['end', '1', 'end', '{}']]);
  assert.deepEqual(parse([bytes('retry: 3\nevent: end\ndata: {}\n\n')], '').items, [['end', '', 'end', '{}']]);
});

test('raw lines are kept if asked for, without comments', () => {
  const text = ':\n:\nretry: 7\n\n: of no item\nid: 1\r\n:\r\nevent: x\r\ndata: a\r\ndata\r\nother\r\n\r\nid: 2\n\n';
  const all = bytes(text);
  for (let split = 0; split <= all.length; split++) {
    const parser = new StreamParser('', false, true);
    const items = [all.subarray(0, split), all.subarray(split)].flatMap(part => parser.push(part));
    assert.deepEqual(items.map(({ raw }) => raw), ['id: 1\nevent: x\ndata: a\ndata\nother', 'id: 2'], `split at ${split}`);
  }
  assert.equal('raw' in new StreamParser().push(all)[0], false);
});
