const MAX_TEXT = 10_000;

/** Element with that id, which must exist. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Creates an element. Children that are strings become text, never markup.
 *
 * @param properties of the element; those of `data` are added to its data set
 */
export function make(name, properties = {}, ...children) {
  const { data, ...others } = properties;
  const element = Object.assign(document.createElement(name), others);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Adds a text to an element. A long one is truncated, with a button to show all: a megabyte would block the browser. */
export function fillTruncated(element, text) {
  if (text.length <= MAX_TEXT) {
    element.append(text);
    return element;
  }
  const left = (text.length - MAX_TEXT).toLocaleString('en');
  const all = make('button', { type: 'button', className: 'plain' }, `Show all: ${left} more characters`);
  element.append(`${text.slice(0, MAX_TEXT)}…\n`, all);
  all.addEventListener('click', () => element.replaceChildren(text));
  return element;
}

/** Copies a text; selects its element if the browser allows no copying, as without TLS. Returns a message. */
export async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    getSelection().selectAllChildren(element);
    return 'Selected: press Ctrl+C, or ⌘C, to copy.';
  }
}

/**
 * Keeps what is typed into a form through a reload of this tab. Returns a function to call after the page has changed it.
 */
export function keepDraft(form) {
  const key = `herald draft ${form.id} ${location.search}`;
  const fields = [...form.elements].filter(field => field.name !== '');

  function save() {
    const values = fields.map(field => [field.name, field.type === 'checkbox' ? field.checked : field.value]);
    attempt(() => sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(values))));
  }

  const draft = attempt(() => JSON.parse(sessionStorage.getItem(key))) ?? {};
  for (const field of fields.filter(({ name }) => name in draft)) {
    field[field.type === 'checkbox' ? 'checked' : 'value'] = draft[field.name];
  }
  form.addEventListener('input', save);
  return save;
}

/** A browser may have no storage, or no room for a long text. */
function attempt(access) {
  try {
    return access();
  } catch {
    return undefined;
  }
}
