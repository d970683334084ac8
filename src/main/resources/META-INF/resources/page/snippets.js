import { publishing } from './publishing.js';
import { subscribing } from './subscribing.js';

/**
 * Languages: the name, how to run the code (`runToken` if that differs with a token), and the functions that create code to
 * subscribe and to publish.
 */
export const languages = [
  { name: 'curl', run: 'Run it in a terminal.' },
  {
    name: 'JavaScript',
    run: 'Run it in the console of a browser on a page of this hub. To publish, Node.js 18 or newer also works: node name.mjs',
    runToken: 'Save it as name.mjs, and run it with Node.js 18 or newer: node name.mjs',
  },
  { name: 'Java', run: 'Save it as Name.java, and run it with a JDK 17 or newer: java Name.java' },
  { name: 'PHP', run: 'Save it as name.php, and run it with PHP 8 or newer: php name.php' },
  { name: 'Python', run: 'Save it as name.py, and run it with Python 3.8 or newer: python3 name.py' },
].map(language => ({ ...language, subscribe: subscribing[language.name], publish: publishing[language.name] }));
