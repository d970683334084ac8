import { serve } from './feed.js';
export { serveInWorker };

/** Null if the page's policy forbids it, or this file is from another origin. */
let worker;

async function serveInWorker(key, request) {
  try {
    worker = worker === undefined ? new SharedWorker(import.meta.url, { type: 'module', name: 'herald' }) : worker;
    worker?.port.start();
  } catch {
    worker = null;
  }
  if (worker) {
    await new Promise(done => {
      setTimeout(done, 5_000);
      worker.addEventListener('error', () => (done(), (worker = null)));
      worker.port.addEventListener('message', ({ data }) => data === key && done());
      worker.port.postMessage({ key, request });
    });
  }
}

if (globalThis.SharedWorkerGlobalScope && globalThis.name === 'herald') {
  const keys = new Set();
  globalThis.onconnect = ({ ports: [port] }) => {
    port.onmessage = async ({ data: { key, request } }) => {
      if (!keys.has(key)) {
        keys.add(key);
        serve(key, request).finally(() => keys.delete(key));
      }
      // Its request for the lock precedes those of the pages.
      await navigator.locks.query();
      port.postMessage(key);
    };
  };
}
