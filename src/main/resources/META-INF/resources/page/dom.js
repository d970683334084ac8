const LONGEST_TEXT = 10_000;

/** The element with that id, which must be there. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * A new element. Children that are strings become text and never markup, whoever wrote them.
 *
 * @param properties of the element; those of `data` go into its data set
 */
export function make(name, properties = {}, ...children) {
  const { data, ...others } = properties;
  const made = Object.assign(document.createElement(name), others);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** Puts a text into an element, cut when it is long, with a way to see all of it: a megabyte would stop the browser. */
export function fillCut(element, text) {
  if (text.length <= LONGEST_TEXT) {
    element.append(text);
    return element;
  }
  const left = (text.length - LONGEST_TEXT).toLocaleString('en');
  const all = make('button', { type: 'button', className: 'plain' }, `Show all: ${left} more characters`);
  element.append(`${text.slice(0, LONGEST_TEXT)}…\n`, all);
  all.addEventListener('click', () => element.replaceChildren(text));
  return element;
}

/** Copies a text, or marks it in its place where the browser allows no page to copy, which is so without TLS. */
export async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    getSelection().selectAllChildren(place);
    return 'Marked: press Ctrl+C, or ⌘C, to copy it.';
  }
}
