// A browser sees what a module imports when the module has come, and asks for it then. So all that a view needs is asked for
// here, at once, while the document is still read; what every view needs is named by the document.

const MODULES = {
  chat: ['chat', 'composer', 'frames', 'lines', 'listen', 'past', 'reader', 'source', 'stream', 'words'],
  watch: [
    'watch', 'detail', 'event-id', 'event-list', 'frames', 'items', 'json', 'listen', 'row', 'watch-form', 'watcher', 'words',
  ],
  send: ['send', 'event-id'],
  copy: ['copy', 'event-id', 'literals', 'publishing', 'send', 'snippets', 'subscribing', 'watch-form'],
  token: ['token-view'],
  figures: ['figures', 'chart', 'frames', 'listen', 'spark', 'words'],
};

/** The view that is shown when the page's address names none. */
export const FIRST = 'chat';

/** The view that the page's address names, and what it says beside. */
export function addressed() {
  // A topic that somebody has written there may have a question mark, too.
  const [name, ...parameters] = location.hash.slice(1).split('?');
  return { name: Object.hasOwn(MODULES, name) ? name : FIRST, parameters: new URLSearchParams(parameters.join('?')) };
}

/** Asks for the modules of a view, without running them. */
export function ask(name) {
  for (const module of MODULES[name]) {
    const href = `page/${module}.js`;
    if (!document.head.querySelector(`link[href="${href}"]`)) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
    }
  }
}

ask(addressed().name);
