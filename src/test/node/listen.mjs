// Subscribes to the stream at the given address with the token in HERALD_TOKEN, and prints each event as JSON, one per line:
// {"id":…,"type":…,"data":…}, or {"error":…} if the connection was lost or refused.
import { EventSource } from 'eventsource';

const stream = new EventSource(process.argv[2], {
    fetch: (address, init) =>
        fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${process.env.HERALD_TOKEN}` } }),
});
const print = what => console.log(JSON.stringify(what));
stream.onopen = () => print({ open: true });
stream.onmessage = ({ lastEventId, type, data }) => print({ id: lastEventId, type, data });
stream.onerror = ({ code, message }) => print({ error: code ?? message ?? 'unknown' });
