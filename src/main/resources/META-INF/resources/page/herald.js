// The client page: views of one hub, of which one is shown. The part of the address after # names it, so that the browser's
// own ways of going back, opening beside and keeping work. A view comes when it is looked at.

import { addressed, ask, FIRST } from './ahead.js';
import { byId } from './dom.js';
import { status } from './status.js';
import { title } from './title.js';

const makers = {
  chat: async () => (await import('./chat.js')).chat(),
  watch: async () => (await import('./watch.js')).watch(),
  send: async () => (await import('./send.js')).send(),
  copy: async () => (await import('./copy.js')).copyAs(await view('send')),
  token: async () => (await import('./token-view.js')).tokenView(),
  figures: async () => (await import('./figures.js')).figures(),
};
const made = {};
let wanted;
let shown;

/** The view of that name, made when it is first asked for. */
function view(name) {
  made[name] ??= makers[name]();
  return made[name];
}

async function go() {
  const { name: next, parameters } = addressed();
  if (next === wanted) {
    // Somebody has written into the address, or pasted another.
    shown?.readdress?.(parameters);
    return;
  }
  wanted = next;
  mark(next);
  ask(next);
  try {
    const ready = await view(next);
    // Somebody in a hurry may be elsewhere by now.
    if (wanted === next && ready !== shown) {
      shown?.hide?.();
      shown = ready;
      present(next);
      ready.show?.(parameters);
    }
  } catch (failure) {
    status.tell(next, 'lost', 'The hub did not give this view. Reload the page when it is back.');
    throw failure;
  }
}

/** Tells at once where it goes. */
function mark(name) {
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

/** Shows what is ready, and not before: a form that nobody listens to would leave the page. */
function present(name) {
  document.body.dataset.view = name;
  for (const part of document.querySelectorAll('[data-of]')) {
    part.hidden = part.dataset.of !== name;
  }
}

addEventListener('hashchange', go);
go();
