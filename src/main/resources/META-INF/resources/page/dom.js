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
