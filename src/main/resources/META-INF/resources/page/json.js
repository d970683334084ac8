import { fillCut, make } from './dom.js';

const LONGEST_PARSED = 2_000_000;
const ENTRIES_AT_ONCE = 100;
const OPEN_DEPTH = 2;
const SMALL = 20;
const LONGEST_KEY = 200;

/** A number as it was written: as a value of JavaScript it may become another one. */
class Written {
  constructor(text) {
    this.text = text;
  }
}

/** The value that the text is in JSON; undefined if it is none, or too long to be looked at. */
export function parse(text) {
  if (text.length > LONGEST_PARSED || !/^\s*[[{"\d\-tfn]/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text, (key, value, context) =>
      typeof value === 'number' && context?.source ? new Written(context.source) : value,
    );
  } catch {
    return undefined;
  }
}

/** A piece of JSON on one line, coloured; it may have been cut anywhere. */
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

/** A value as a tree that can be folded; what is folded is made when it is opened. */
export function tree(value, key, depth = 0) {
  const name = key === undefined ? [] : [make('span', { className: 'key' }, nameOf(key)), ': '];
  if (value === null || typeof value !== 'object' || value instanceof Written) {
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
  const fill = () => branch.childElementCount === 1 && branch.append(some(entries, depth));
  branch.addEventListener('toggle', fill);
  if (depth < OPEN_DEPTH && (depth === 0 || entries.length <= SMALL)) {
    fill();
    branch.open = true;
  }
  return branch;
}

function nameOf(key) {
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY)}…`;
}

function some(entries, depth) {
  const list = make('div', { className: 'entries' });
  let shown = 0;
  const more = make('button', { type: 'button', className: 'plain' });
  const grow = () => {
    list.append(...entries.slice(shown, shown + ENTRIES_AT_ONCE).map(([key, entry]) => tree(entry, key, depth + 1)));
    shown += ENTRIES_AT_ONCE;
    if (shown < entries.length) {
      more.textContent = `Show more: ${(entries.length - shown).toLocaleString('en')} are left`;
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
  if (value instanceof Written) {
    return make('span', { className: 'number' }, value.text);
  }
  const className = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'word';
  return fillCut(make('span', { className }), JSON.stringify(value));
}
