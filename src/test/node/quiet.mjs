// Opens the stream at the address that is given with several clients that others wrote, in the ways of their own documents, and
// writes what they report as JSON, a line each: {"client":…,"open":true} and {"client":…,"id":…,"type":…,"data":…}.
import { createRequire } from 'node:module';
import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';

// Two of them are made for browsers.
globalThis.window = { addEventListener() {}, clearTimeout, fetch, setTimeout };
globalThis.document = { addEventListener() {}, hidden: false, removeEventListener() {} };
const require = createRequire(import.meta.url);
const { fetchEventSource } = require('@microsoft/fetch-event-source');
const { EventSourcePolyfill } = require('event-source-polyfill');

const address = process.argv[2];
const tell = what => console.log(JSON.stringify(what));

function listen(client, stream) {
    stream.onopen = () => tell({ client, open: true });
    for (const name of ['message', 'live']) {
        stream.addEventListener(name, ({ lastEventId, type, data }) => tell({ client, id: lastEventId, type, data }));
    }
}

async function parse(client) {
    const answer = await fetch(address);
    tell({ client, open: true });
    const parser = createParser({
        onEvent: ({ id, event = 'message', data }) => tell({ client, id, type: event, data }),
    });
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        parser.feed(part);
    }
}

listen('eventsource', new EventSource(address));
listen('event-source-polyfill', new EventSourcePolyfill(address));
parse('eventsource-parser');
fetchEventSource(address, {
    onopen: async () => tell({ client: 'fetch-event-source', open: true }),
    onmessage: ({ id, event, data }) =>
        tell({ client: 'fetch-event-source', id, type: event === '' ? 'message' : event, data }),
});
