// Listens to the stream at the address that is given, with the token in HERALD_TOKEN, and writes what comes as JSON, a line
// each: {"id":…,"type":…,"data":…}, or {"error":…} when the connection was lost or refused.
import { EventSource } from 'eventsource';

const stream = new EventSource(process.argv[2], {
    fetch: (address, init) =>
        fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${process.env.HERALD_TOKEN}` } }),
});
const tell = what => console.log(JSON.stringify(what));
stream.onopen = () => tell({ open: true });
stream.onmessage = ({ lastEventId, type, data }) => tell({ id: lastEventId, type, data });
stream.onerror = ({ code, message }) => tell({ error: code ?? message ?? 'unknown' });
