// A browser discovers the imports of a module only when the module has loaded. So all modules of a view are requested
// here at once, while the document is still parsed; the document itself names the modules of every view.

const MODULES = {
  chat: ['auto-scroll', 'chat', 'composer', 'feed', 'format', 'message-list', 'problem', 'publisher', 'replay-marks'],
  watch: [
    'watch', 'detail', 'event-id', 'event-list', 'feed', 'format', 'items', 'json', 'problem', 'publisher', 'row', 'send-bar',
    'sending', 'topics', 'watch-form',
  ],
  send: ['send', 'event-id', 'problem', 'publisher', 'sending'],
  copy: [
    'copy', 'event-id', 'literals', 'problem', 'publisher', 'publishing', 'send', 'sending', 'snippets', 'subscribing',
    'watch-form',
  ],
  token: ['token-view'],
  figures: ['figures', 'chart', 'format', 'problem', 'sparkline'],
};

/** View that is shown when the URL names none. */
export const DEFAULT_VIEW = 'chat';

/** View that the fragment of the URL names, and its parameters. */
export function currentRoute() {
  // A topic may contain an unescaped question mark.
  const [name, ...parameters] = location.hash.slice(1).split('?');
  return {
    name: Object.hasOwn(MODULES, name) ? name : DEFAULT_VIEW,
    parameters: new URLSearchParams(parameters.join('?')),
  };
}

/** Requests the modules of a view without running them. */
export function preload(name) {
  for (const module of MODULES[name]) {
    const href = `page/${module}.js`;
    if (!document.head.querySelector(`link[href="${href}"]`)) {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
    }
  }
}

preload(currentRoute().name);
