import { byId, copy, make } from './dom.js';
import { request, requirement } from './sending.js';
import { languages } from './snippets.js';
import { token } from './token.js';
import { watchForm } from './watch-form.js';

/** View with code that subscribes and publishes as the views Watch and Send do. */
export function copyAs(sendView) {
  const languageList = byId('languages');
  let chosen = languages[0];

  function render() {
    const withToken = token.text !== '';
    const { url, text, fields } = request(sendView.update);
    const missing = requirement(sendView.update);
    byId('copy-subscribe').textContent = chosen.subscribe({ url: watchForm.url.href, token: withToken });
    byId('copy-publish').textContent = missing || chosen.publish({ url: url.href, text, fields, token: withToken });
    byId('copy-token').hidden = !withToken;
    byId('copy-run').textContent = withToken ? (chosen.runToken ?? chosen.run) : chosen.run;
    for (const result of document.querySelectorAll('.copied')) {
      result.textContent = '';
    }
  }

  for (const language of languages) {
    const radio = make('input', { type: 'radio', name: 'language', value: language.name, checked: language === chosen });
    radio.addEventListener('change', () => {
      chosen = language;
      history.replaceState(null, '', `#copy?language=${language.name}`);
      render();
    });
    languageList.append(make('label', {}, radio, make('span', {}, language.name)));
  }
  for (const button of document.querySelectorAll('[data-copies]')) {
    const element = byId(button.dataset.copies);
    button.addEventListener('click', async () => {
      button.nextElementSibling.textContent = await copy(element.textContent, element);
    });
  }
  token.addEventListener('change', render);

  /** The language may be in the URL of the page. */
  function show(parameters) {
    chosen = languages.find(({ name }) => name === parameters.get('language')) ?? chosen;
    languageList.querySelector(`[value="${chosen.name}"]`).checked = true;
    render();
  }

  return { show, parametersChanged: show };
}
