// The client page: views of one hub, of which one is shown. The part of the address after # names it, so that the browser's
// own ways of going back, opening beside and keeping work. Only the chat is loaded with the page; the others come when they
// are looked at.

import { chat } from './chat.js';
import { byId } from './dom.js';
import { status } from './status.js';
import { title } from './title.js';

const FIRST = 'chat';

const makers = {
  chat,
  watch: async () => (await import('./watch.js')).watch(),
  send: async () => (await import('./send.js')).send(),
  copy: async () => (await import('./copy.js')).copyAs(await view('watch'), await view('send')),
  token: async () => (await import('./token-view.js')).tokenView(),
  figures: async () => (await import('./figures.js')).figures(),
};
const made = {};
let current;

/** The view of that name, made when it is first asked for. */
function view(name) {
  made[name] ??= makers[name]();
  return made[name];
}

async function go() {
  const [name, parameters = ''] = location.hash.slice(1).split('?', 2);
  const next = Object.hasOwn(makers, name) ? name : FIRST;
  const before = current;
  if (next === before) {
    return;
  }
  current = next;
  present(next);
  if (before) {
    (await view(before)).hide?.();
  }
  const shown = await view(next);
  // Somebody in a hurry may be elsewhere by now.
  if (current === next) {
    shown.show?.(new URLSearchParams(parameters));
  }
}

function present(name) {
  document.body.dataset.view = name;
  for (const part of document.querySelectorAll('[data-of]')) {
    part.hidden = part.dataset.of !== name;
  }
  for (const link of byId('views').querySelectorAll('a')) {
    if (link.hash === `#${name}`) {
      link.setAttribute('aria-current', 'page');
      title.view = name === FIRST ? '' : link.firstChild.textContent.trim();
    } else {
      link.removeAttribute('aria-current');
    }
  }
  status.show(name);
}

addEventListener('hashchange', go);
go();
