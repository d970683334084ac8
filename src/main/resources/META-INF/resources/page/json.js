import { fillTruncated, make } from './dom.js';

const MAX_PARSED = 2_000_000;
const PAGE_SIZE = 100;
const EXPANDED_DEPTH = 2;
const MAX_EXPANDED = 20;
const MAX_KEY = 200;

/** Number as published: a JavaScript number may lose digits. */
class NumberText {
  constructor(text) {
    this.text = text;
  }
}

/** Parses JSON; undefined if the text is not JSON, or too long. */
export function parse(text) {
  if (text.length > MAX_PARSED || !/^\s*[[{"\d\-tfn]/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text, (key, value, context) =>
      typeof value === 'number' && context?.source ? new NumberText(context.source) : value,
    );
  } catch {
    return undefined;
  }
}

/** JSON on one line with syntax highlighting; it may be truncated anywhere. */
export function line(text) {
  const parts = document.createDocumentFragment();
  const token = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)|([^"\dtfn-]+|.)/gs;
  for (const [whole, string, colon, number, word] of text.matchAll(token)) {
    if (string) {
      parts.append(make('span', { className: colon ? 'key' : 'string' }, string), colon ?? '');
    } else if (number || word) {
      parts.append(make('span', { className: number ? 'number' : 'word' }, whole));
    } else {
      parts.append(whole);
    }
  }
  return parts;
}

/** Value as a collapsible tree. The content of a collapsed node is created when it is expanded. */
export function tree(value, key, depth = 0) {
  const name = key === undefined ? [] : [make('span', { className: 'key' }, keyText(key)), ': '];
  if (value === null || typeof value !== 'object' || value instanceof NumberText) {
    return make('div', { className: 'leaf' }, ...name, leaf(value));
  }
  const entries = Array.isArray(value)
    ? value.map((entry, index) => [String(index), entry])
    : Object.entries(value).map(([entryKey, entry]) => [JSON.stringify(entryKey), entry]);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (entries.length === 0) {
    return make('div', { className: 'leaf' }, ...name, open + close);
  }
  const size = make('span', { className: 'size' }, `${open}${count(entries.length, Array.isArray(value))}${close}`);
  const branch = make('details', {}, make('summary', {}, ...name, size));
  const fill = () => branch.childElementCount === 1 && branch.append(entryList(entries, depth));
  branch.addEventListener('toggle', fill);
  if (depth < EXPANDED_DEPTH && (depth === 0 || entries.length <= MAX_EXPANDED)) {
    fill();
    branch.open = true;
  }
  return branch;
}

function keyText(key) {
  return key.length <= MAX_KEY ? key : `${key.slice(0, MAX_KEY)}…`;
}

function entryList(entries, depth) {
  const list = make('div', { className: 'entries' });
  let shown = 0;
  const more = make('button', { type: 'button', className: 'plain' });
  const grow = () => {
    list.append(...entries.slice(shown, shown + PAGE_SIZE).map(([key, entry]) => tree(entry, key, depth + 1)));
    shown += PAGE_SIZE;
    if (shown < entries.length) {
      more.textContent = `Show more: ${(entries.length - shown).toLocaleString('en')} remaining`;
      list.append(more);
    } else {
      more.remove();
    }
  };
  more.addEventListener('click', grow);
  grow();
  return list;
}

function count(number, isList) {
  const many = number === 1 ? '' : 's';
  return ` ${number.toLocaleString('en')} ${isList ? 'element' : 'member'}${many} `;
}

function leaf(value) {
  if (value instanceof NumberText) {
    return make('span', { className: 'number' }, value.text);
  }
  const className = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'word';
  return fillTruncated(make('span', { className }), JSON.stringify(value));
}
