/**
 * Time at which the hub accepted an event, from its id: the hub creates UUIDs of version 7, which begin with the time (RFC
 * 9562 §5.7). Undefined for ids of publishers.
 */
export function acceptedAt(id) {
  const uuid = /^urn:uuid:([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id);
  return uuid ? new Date(parseInt(uuid[1] + uuid[2], 16)) : undefined;
}

/** Short form of an id: ids of the hub differ at their ends. */
export function shortened(id) {
  return acceptedAt(id) ? `…${id.slice(-12)}` : id;
}

/** Time of day with milliseconds. Not by toLocaleTimeString, whose first call is slow and would delay the first row. */
export function formatTime(date) {
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => digits(part, 2));
  return `${hours}:${minutes}:${seconds}.${digits(date.getMilliseconds(), 3)}`;
}

function digits(number, length) {
  return String(number).padStart(length, '0');
}
