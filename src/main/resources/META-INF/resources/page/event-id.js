/**
 * When the hub accepted an event, by its id: the hub's own are UUIDs of version 7, which begin with the time (RFC 9562
 * §5.7). Undefined for ids that publishers gave.
 */
export function acceptedAt(id) {
  const uuid = /^urn:uuid:([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return uuid ? new Date(parseInt(uuid[1] + uuid[2], 16)) : undefined;
}

/** An id on little room: the hub's own differ at their ends. */
export function short(id) {
  return acceptedAt(id) ? `…${id.slice(-12)}` : id;
}

/** A time of day to the millisecond. By hand: toLocaleTimeString loads much when it is first called, for a first row. */
export function clock(date) {
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => digits(part, 2));
  return `${hours}:${minutes}:${seconds}.${digits(date.getMilliseconds(), 3)}`;
}

function digits(number, length) {
  return String(number).padStart(length, '0');
}
