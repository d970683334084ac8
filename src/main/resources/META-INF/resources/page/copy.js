import { byId, copy, make } from './dom.js';
import { lacks, request } from './send.js';
import { languages } from './snippets.js';
import { token } from './token.js';
import { watchForm } from './watch-form.js';

/** What is watched and what would be sent, in other languages. */
export function copyAs(publication) {
  const choice = byId('languages');
  let chosen = languages[0];

  function tell() {
    const withToken = token.text !== '';
    const { url, text, fields } = request(publication.update);
    const missing = lacks(publication.update);
    byId('copy-subscribe').textContent = chosen.subscribe({ url: watchForm.address.href, token: withToken });
    byId('copy-publish').textContent = missing || chosen.publish({ url: url.href, text, fields, token: withToken });
    byId('copy-token').hidden = !withToken;
    byId('copy-run').textContent = withToken ? (chosen.runToken ?? chosen.run) : chosen.run;
    for (const said of document.querySelectorAll('.copied')) {
      said.textContent = '';
    }
  }

  for (const language of languages) {
    const radio = make('input', { type: 'radio', name: 'language', value: language.name, checked: language === chosen });
    radio.addEventListener('change', () => {
      chosen = language;
      tell();
    });
    choice.append(make('label', {}, radio, make('span', {}, language.name)));
  }
  for (const button of document.querySelectorAll('[data-copies]')) {
    const place = byId(button.dataset.copies);
    button.addEventListener('click', async () => {
      button.nextElementSibling.textContent = await copy(place.textContent, place);
    });
  }
  token.addEventListener('change', tell);

  return { show: tell };
}
