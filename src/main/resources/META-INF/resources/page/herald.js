// Entry point of the client page: shows one of several views of the hub. The fragment of the URL names the view, so that
// the browser's history, links and bookmarks work. A view is loaded when it is first shown.

import { byId } from './dom.js';
import { currentRoute, DEFAULT_VIEW, preload } from './preload.js';
import { status } from './status.js';
import { title } from './title.js';

const factories = {
  chat: async () => (await import('./chat.js')).chat(),
  watch: async () => (await import('./watch.js')).watch(),
  send: async () => (await import('./send.js')).send(),
  copy: async () => (await import('./copy.js')).copyAs(await view('send')),
  token: async () => (await import('./token-view.js')).tokenView(),
  figures: async () => (await import('./figures.js')).figures(),
};
const views = {};
let requested;
let shown;

/** Promise of the view with that name, created on first use. */
function view(name) {
  views[name] ??= factories[name]();
  return views[name];
}

async function navigate() {
  const { name: next, parameters } = currentRoute();
  if (next === requested) {
    // Only the parameters have changed.
    shown?.parametersChanged?.(parameters);
    return;
  }
  requested = next;
  markLink(next);
  preload(next);
  try {
    const ready = await view(next);
    // The user may have selected another view meanwhile.
    if (requested === next && ready !== shown) {
      shown?.hide?.();
      shown = ready;
      present(next);
      ready.show?.(parameters);
    }
  } catch (failure) {
    status.set(next, 'lost', 'This view could not be loaded. Reload the page when the hub is available.');
    throw failure;
  }
}

/** Marks the link of the selected view at once, before the view is loaded. */
function markLink(name) {
  for (const link of byId('views').querySelectorAll('a')) {
    if (link.hash === `#${name}`) {
      link.setAttribute('aria-current', 'page');
      title.view = name === DEFAULT_VIEW ? '' : link.firstChild.textContent.trim();
    } else {
      link.removeAttribute('aria-current');
    }
  }
  status.show(name);
}

/** Shows the elements of a loaded view. Not earlier: a form without its handler would navigate away from the page. */
function present(name) {
  document.body.dataset.view = name;
  for (const element of document.querySelectorAll('[data-for-view]')) {
    element.hidden = element.dataset.forView !== name;
  }
}

addEventListener('hashchange', navigate);
navigate();
