// Subscribes to the stream at the given address with several third-party clients, as their documentation shows, and
// prints what they report as JSON, one message per line: {"client":…,"open":true} and {"client":…,"id":…,"type":…,"data":…}.
import { createRequire } from 'node:module';
import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';

// Two of them are for browsers.
globalThis.window = { addEventListener() {}, clearTimeout, fetch, setTimeout };
globalThis.document = { addEventListener() {}, hidden: false, removeEventListener() {} };
const require = createRequire(import.meta.url);
const { fetchEventSource } = require('@microsoft/fetch-event-source');
const { EventSourcePolyfill } = require('event-source-polyfill');

const address = process.argv[2];
const print = what => console.log(JSON.stringify(what));

function listen(client, stream) {
    stream.onopen = () => print({ client, open: true });
    for (const name of ['message', 'live']) {
        stream.addEventListener(name, ({ lastEventId, type, data }) => print({ client, id: lastEventId, type, data }));
    }
}

async function parse(client) {
    const answer = await fetch(address);
    print({ client, open: true });
    const parser = createParser({
        onEvent: ({ id, event = 'message', data }) => print({ client, id, type: event, data }),
    });
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        parser.feed(part);
    }
}

listen('eventsource', new EventSource(address));
listen('event-source-polyfill', new EventSourcePolyfill(address));
parse('eventsource-parser');
fetchEventSource(address, {
    onopen: async () => print({ client: 'fetch-event-source', open: true }),
    onmessage: ({ id, event, data }) =>
        print({ client: 'fetch-event-source', id, type: event === '' ? 'message' : event, data }),
});
